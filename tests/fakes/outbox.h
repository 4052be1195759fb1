#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "base/unavailable.h"
#include "fakes/transactions.h"
#include "outbox/outbox.h"

namespace csauth::fakes {

class Outbox final : public outbox::Outbox, public Remembering {
public:
    std::function<void()> remember() override { return restorer(letters); }

    struct Sent {
        outbox::Template which;
        std::string recipient;
        std::string secret;
        std::string code;
        std::optional<UserId> user;
        TimePoint give_up_at;
        std::map<std::string, std::string> parameters;
    };
    std::vector<Sent> letters;

    void add(const outbox::Letter& letter, TimePoint) override {
        letters.push_back({letter.which, letter.recipient, std::string{letter.token.reveal()},
                           std::string{letter.code.reveal()}, letter.user, letter.give_up_at,
                           letter.parameters});
    }
    void withdraw(UserId user) override {
        std::erase_if(letters, [&](const Sent& letter) { return letter.user == user; });
    }
    std::vector<outbox::MailRecord> newest_of(UserId user, std::size_t most) override {
        std::vector<outbox::MailRecord> found;
        for (auto letter = letters.rbegin(); letter != letters.rend() && found.size() < most; ++letter)
            if (letter->user == user)
                found.push_back({.id = {},
                                 .which = std::string{name_of(letter->which)},
                                 .language = "en",
                                 .recipient = letter->recipient,
                                 .state = "queued",
                                 .created_at = {},
                                 .next_attempt_at = {},
                                 .give_up_at = letter->give_up_at,
                                 .finished_at = {},
                                 .last_error = {},
                                 .parameters = "{}"});
        return found;
    }

    /// The newest letter of a kind to that address.
    const Sent* last(outbox::Template which, std::string_view recipient) const {
        const auto found = std::find_if(letters.rbegin(), letters.rend(), [&](const Sent& letter) {
            return letter.which == which && letter.recipient == recipient;
        });
        return found == letters.rend() ? nullptr : &*found;
    }
};

}  // namespace csauth::fakes
