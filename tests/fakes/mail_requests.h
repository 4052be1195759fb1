#pragma once

#include <algorithm>
#include <vector>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/transactions.h"
#include "outbox/outbox.h"

namespace csauth::fakes {

class MailRequests final : public outbox::MailRequests, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    explicit MailRequests(csauth::Random& random) : random_{random} {}

    struct Row {
        outbox::MailRequest request;
        bool is_open = true;
        bool is_sent = false;
        TimePoint handled_at = {};
    };
    std::vector<Row> rows;

    void add(outbox::RequestKind kind, std::string_view email_key, TimePoint now,
             std::string_view return_to) override {
        rows.push_back({{RequestedMailId::make(now, random_), kind, std::string{email_key}, now,
                         std::string{return_to}}});
    }
    std::vector<outbox::MailRequest> open(std::size_t most) override {
        std::vector<outbox::MailRequest> open;
        for (const auto& row : rows)
            if (row.is_open && open.size() < most) open.push_back(row.request);
        return open;
    }
    std::size_t sent_since(outbox::RequestKind kind, std::string_view email_key, TimePoint since) override {
        return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
            return row.is_sent && row.request.kind == kind && row.request.email_key == email_key &&
                   row.handled_at > since;
        }));
    }
    void note_sent(outbox::RequestKind kind, std::string_view email_key, TimePoint now) override {
        rows.push_back(
            {{RequestedMailId::make(now, random_), kind, std::string{email_key}, now}, false, true, now});
    }
    void forget(std::string_view email_key) override {
        std::erase_if(rows, [&](const Row& row) { return row.request.email_key == email_key; });
    }
    bool close(RequestedMailId id, TimePoint now) override {
        row(id).handled_at = now;
        return std::exchange(row(id).is_open, false);
    }
    void mark_sent(RequestedMailId id) override { row(id).is_sent = true; }

private:
    Row& row(RequestedMailId id) {
        return *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.request.id == id; });
    }
    csauth::Random& random_;
};

}  // namespace csauth::fakes
