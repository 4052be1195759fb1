#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace csauth::http {

inline constexpr std::size_t kLongestBoundary = 70;  // RFC 2046, section 5.1.1
inline constexpr std::size_t kMostFormParts = 64;
inline constexpr std::size_t kLongestPartHead = 4096;  // bytes; a file name takes most of it

/// One field of a form. `content` points into the body that was parsed.
struct FormPart {
    std::string name;  ///< UTF-8, without controls, never empty
    std::optional<std::string>
        filename;              ///< as the client wrote it: never a path to use; nullopt: none given
    std::string content_type;  ///< as declared, with its parameters; empty if none was declared
    std::string_view content;
};

/// Returns the media type of a Content-Type without its parameters, in lower case.
std::string media_type_of(std::string_view content_type);

/// Returns true if a Content-Type header names multipart/form-data.
bool is_multipart_form(std::string_view content_type);

/// Reads a form (RFC 7578) and returns its parts in their order. `content_type` is the request's header.
/// A name may occur twice: the caller decides what that means. A text part's content may be any bytes.
///
/// Accepts what clients write. Header names may be in any case and order, without a space after the colon,
/// and on folded lines. Values may lack quotes. Unknown headers and parameters, a preamble and an epilogue
/// are ignored. A file name may contain quotation marks that were not escaped.
///
/// `bad_request`: the form is cut short, a limit above is passed, a head does not follow RFC 7578, or a part
/// is itself a multipart.
/// `unsupported_media_type`: a part is in base64 or quoted-printable, which RFC 7578, section 4.7 deprecates.
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

/// Reads a form that consists of one file in the field `field`. Several clients send no file name. A part
/// without one counts as a file if it declares a type other than text, or if its bytes are not text.
///
/// `validation_failed`: the form contains something else. Otherwise refuses as parse_multipart() does.
Result<FormPart> parse_upload(std::string_view content_type, std::string_view body, std::string_view field);

}  // namespace csauth::http
