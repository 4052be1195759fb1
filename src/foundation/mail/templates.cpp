#include "mail/templates.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace csauth::mail {
namespace {

constexpr std::string_view kFallback = "en";
constexpr std::string_view kSubjectPrefix = "Subject: ";
constexpr std::string_view kButtonPrefix = "Button: ";
constexpr std::string_view kCodeAddress = "{{code_url}}";

std::string read(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) throw std::runtime_error("the mail template " + path.string() + " can't be read");
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

std::string html_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            case '\'': escaped += "&#39;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

enum class Escape { none, html };

std::string filled(std::string_view source, const Values& values, Escape escape) {
    std::string text;
    for (;;) {
        const auto open = source.find("{{");
        text += source.substr(0, open);
        if (open == std::string_view::npos) return text;
        const auto close = source.find("}}", open);
        if (close == std::string_view::npos) throw std::runtime_error("a mail template has {{ without }}");
        const std::string name{source.substr(open + 2, close - open - 2)};
        const auto value = values.find(name);
        if (value == values.end())
            throw std::runtime_error("a mail template names {{" + name + "}}, which has no value");
        text += escape == Escape::html ? html_escaped(value->second) : value->second;
        source.remove_prefix(close + 2);
    }
}

std::string_view trimmed_of_line_feeds(std::string_view text) {
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    while (text.starts_with('\n'))
        text.remove_prefix(1);
    return text;
}

std::string anchor(std::string_view address) {
    return std::string{"<a href=\""}.append(address).append("\">").append(address).append("</a>");
}

/// Returns {{link}} as a button, if it has a label, then as a plain link. White on this blue has a contrast
/// of 6.7 : 1.
std::string link_as_html(std::string_view label) {
    std::string html;
    if (!label.empty())
        html.append(
                "<p style=\"margin: 1.5em 0\"><a href=\"{{link}}\" style=\"display: inline-block; padding: "
                "0.7em "
                "1.4em; border-radius: 0.3em; background: #0b5cad; color: #ffffff; text-decoration: none; "
                "font-weight: bold\">")
            .append(html_escaped(label))
            .append("</a></p>\n");
    return html.append("<p style=\"overflow-wrap: anywhere; word-break: break-word\">")
        .append(anchor("{{link}}"))
        .append("</p>\n");
}

/// Returns a paragraph as HTML, with {{code_url}} as a link.
std::string paragraph_as_html(std::string_view paragraph) {
    std::string html = html_escaped(paragraph);
    if (const auto at = html.find(kCodeAddress); at != std::string::npos)
        html.replace(at, kCodeAddress.size(), anchor(kCodeAddress));
    return "<p>" + html + "</p>\n";
}

/// Returns the paragraphs of a text as HTML. Names of values stay, because filled() escapes the values later.
std::string html_of(std::string_view text, std::string_view label) {
    std::string html;
    while (!(text = trimmed_of_line_feeds(text)).empty()) {
        const auto end = std::min(text.find("\n\n"), text.size());
        const auto paragraph = text.substr(0, end);
        text.remove_prefix(end);
        if (paragraph == "{{link}}")
            html += link_as_html(label);
        else if (paragraph == "{{code}}")
            html += "<p style=\"font-size: 1.5em; letter-spacing: 0.1em\"><strong>{{code}}</strong></p>\n";
        else
            html += paragraph_as_html(paragraph);
    }
    return html;
}

/// Returns the layout with `content` in place of {{content}}.
std::string laid_out(std::string layout, std::string_view content) {
    constexpr std::string_view place = "{{content}}";
    const auto at = layout.find(place);
    if (at == std::string::npos) throw std::runtime_error("a mail layout has no {{content}}");
    return layout.replace(at, place.size(), content);
}

}  // namespace

Templates::Templates(const std::filesystem::path& directory, std::span<const std::string_view> names) {
    if (!std::filesystem::is_directory(directory))
        throw std::runtime_error("there is no directory of mail templates " + directory.string());
    const std::string text_layout = read(directory / "layout.txt");
    const std::string html_layout = read(directory / "layout.html");
    for (const auto& language : std::filesystem::directory_iterator{directory}) {
        if (!language.is_directory()) continue;
        const std::string tag = language.path().filename().string();
        for (const auto name : names) {
            const auto text_path = language.path() / (std::string{name} + ".txt");
            if (tag != kFallback && !std::filesystem::exists(text_path)) continue;
            const std::string text = read(text_path);
            const auto head_end = text.find("\n\n");
            const auto head = std::string_view{text}.substr(0, head_end);
            const auto subject = head.substr(0, head.find('\n'));
            const auto second = head.substr(std::min(subject.size() + 1, head.size()));
            if (head_end == std::string::npos || !subject.starts_with(kSubjectPrefix) ||
                (!second.empty() && !second.starts_with(kButtonPrefix)) ||
                second.find('\n') != std::string_view::npos)
                throw std::runtime_error(text_path.string() +
                                         " does not begin with a Subject and an empty line");
            const auto label = second.empty() ? second : second.substr(kButtonPrefix.size());
            const auto body = trimmed_of_line_feeds(std::string_view{text}.substr(head_end));
            sources_[tag + '/' + std::string{name}] = {std::string{subject.substr(kSubjectPrefix.size())},
                                                       laid_out(text_layout, body),
                                                       laid_out(html_layout, html_of(body, label))};
        }
    }
    for (const auto name : names) {
        if (!sources_.contains(std::string{kFallback} + '/' + std::string{name}))
            throw std::runtime_error("there is no English mail template " + std::string{name} + " in " +
                                     directory.string());
    }
}

void Templates::check(std::string_view name, const Values& values) const {
    for (const auto& language : languages_of(name)) {
        try {
            (void)render(name, language, values);
        } catch (const std::runtime_error& e) {
            throw std::runtime_error(language + '/' + std::string{name} + ".txt: " + e.what());
        }
    }
}

std::vector<std::string> Templates::languages_of(std::string_view name) const {
    std::vector<std::string> languages;
    for (const auto& [key, source] : sources_)
        if (key.ends_with('/' + std::string{name})) languages.push_back(key.substr(0, key.find('/')));
    return languages;
}

RenderedText Templates::render(std::string_view name, const std::string& language,
                               const Values& values) const {
    auto source = sources_.find(language + '/' + std::string{name});
    if (source == sources_.end()) source = sources_.find(std::string{kFallback} + '/' + std::string{name});
    if (source == sources_.end()) throw std::runtime_error("there is no mail template " + std::string{name});
    Values all = values;
    all["language"] = source->first.substr(0, source->first.find('/'));
    return {filled(source->second.subject, all, Escape::none), filled(source->second.text, all, Escape::none),
            filled(source->second.html, all, Escape::html)};
}

}  // namespace csauth::mail
