#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace csauth::users {

/// The words that a guesser tries first at this site: the product's name, the site's name and the labels of
/// its host, alone and joined as they follow each other.
class ContextWords {
public:
    /// `site_name` and `site_url` are those of the configuration, for example "Example Wiki" and
    /// "https://auth.example.com".
    ContextWords(std::string_view site_name, std::string_view site_url);

    /// Returns true if the password is one of the words, or one of them twice, with a few digits and
    /// punctuation around it; see password_cores(). Returns false for a passphrase with other words in it.
    bool make_up(std::string_view password) const;

private:
    void add_joined(const std::vector<std::string_view>& parts);

    std::vector<std::string> forms_;  ///< as core_forms() gives them, sorted
};

}  // namespace csauth::users
