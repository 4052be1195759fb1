#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csauth::mail {

using Values = std::map<std::string, std::string>;

struct RenderedText {
    std::string subject;
    std::string text;
    std::string html;
};

/// Mail texts on disk: <directory>/<language>/<name>.txt (first line "Subject: …", perhaps "Button: …", then
/// an empty line, then the paragraphs), and around all of them layout.txt and layout.html with {{content}}
/// and
/// {{language}}. The HTML is made of the same text: a paragraph that is {{link}} alone becomes a button with
/// that label, if the text has one, and the link itself, which wraps on narrow screens. A paragraph that is
/// {{code}} alone is set larger. {{code_url}} becomes a link wherever it appears.
/// {{name}} stands for a value; in HTML it is escaped. Values are never looked through for {{…}} themselves.
class Templates {
public:
    /// Reads every template. Throws when one of `names` is missing in English, or a file is damaged.
    Templates(const std::filesystem::path& directory, std::span<const std::string_view> names);

    /// In `language`, or in English where there is no such text. Throws when the text names a value that is
    /// not given.
    RenderedText render(std::string_view name, const std::string& language, const Values& values) const;

    /// The languages that have a text of that name.
    std::vector<std::string> languages_of(std::string_view name) const;

    /// Renders the text of that name in every language. Throws as render() does, with the language and the
    /// name.
    void check(std::string_view name, const Values& values) const;

private:
    struct Source {
        std::string subject;
        std::string text;
        std::string html;  ///< the text as HTML, its values still open
    };
    std::map<std::string, Source, std::less<>> sources_;  // by "<language>/<name>"
};

}  // namespace csauth::mail
