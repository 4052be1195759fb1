#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/multipart.h"

namespace csauth::http {

/// The fields of a form in their order, for both types of forms. No name occurs twice.
struct FormBody {
    std::vector<std::pair<std::string, std::string>> texts;  ///< UTF-8 without NUL
    std::vector<FormPart> files;                             ///< their content points into the body
};

/// Returns true if a Content-Type header names `application/x-www-form-urlencoded`.
bool is_urlencoded_form(std::string_view content_type);

/// Returns true if a Content-Type header names `application/x-www-form-urlencoded` or `multipart/form-data`.
bool is_form_type(std::string_view content_type);

/// Reads a form within the default json::Limits: they limit the number of fields, and the bytes of all names
/// and texts together. A file counts with its name only.
///
/// `content_type` is the header of the request. A type that is not multipart is read as urlencoded.
///
/// A part of a multipart form is a file if it has a file name, or if its type is neither `text/…` nor JSON. A
/// part with an empty file name and no content is left out: browsers send that if no file was chosen.
///
/// `bad_request`: a name occurs twice, there are too many fields, a text is not UTF-8 or has a NUL, or the
/// form can't be read. `body_too_large`: the texts are too long. Otherwise refuses as parse_multipart() does.
Result<FormBody> parse_form_body(std::string_view content_type, std::string_view body);

}  // namespace csauth::http
