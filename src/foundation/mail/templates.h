#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace csauth::mail {

/// The values of a template by name, without the braces.
using Values = std::map<std::string, std::string>;

/// A mail with all values filled in.
struct RenderedText {
    std::string subject;
    std::string text;
    std::string html;
};

/// The mail texts in the files <directory>/<language>/<name>.txt. A file begins with "Subject: …" and perhaps
/// "Button: …", then an empty line, then the paragraphs. layout.txt and layout.html with {{content}} and
/// {{language}} surround each of them.
///
/// {{name}} stands for a value, which is escaped in HTML. {{…}} in a value has no meaning.
///
/// The HTML comes from the same text. A paragraph that is only {{link}} becomes a link that wraps on narrow
/// screens, with a button before it if the file has a label. A paragraph that is only {{code}} is set larger.
/// The first {{code_url}} of a paragraph becomes a link.
class Templates {
public:
    /// Reads every template. Throws std::runtime_error if one of `names` is missing in English, or if a file
    /// is damaged.
    Templates(const std::filesystem::path& directory, std::span<const std::string_view> names);

    /// Returns the text in `language`, or in English if there is none in that language. Throws
    /// std::runtime_error if the text names a value that `values` lacks.
    RenderedText render(std::string_view name, const std::string& language, const Values& values) const;

    /// Returns the languages that have a text of that name.
    std::vector<std::string> languages_of(std::string_view name) const;

    /// Renders the text of that name in every language. Throws as render() does, and adds the language and
    /// the name to the message.
    void check(std::string_view name, const Values& values) const;

private:
    struct Source {
        std::string subject;
        std::string text;
        std::string html;  ///< the text as HTML, with the names of values
    };
    std::map<std::string, Source, std::less<>> sources_;  // by "<language>/<name>"
};

}  // namespace csauth::mail
