#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::text {

enum class Lines { one, many };

/// Returns text of any script in the form that is stored and shown: in NFC, without white space at either
/// end, with at most `longest` code points. An empty text is acceptable.
///
/// A line break of any kind becomes a line feed, or a space if only one line is allowed. A tab becomes a
/// space. Invisible characters are dropped, and so are characters that turn the direction of the text after
/// them. Those that scripts and emoji need are kept: joiners, direction marks, variation selectors and the
/// tags of a flag. Unassigned code points are kept, too.
///
/// `too_long`: more than `longest` code points.
/// `invalid`: not UTF-8, a control character, or a noncharacter (Unicode 23.7).
Result<std::string, Complaint> plain_text(std::string_view given, std::size_t longest, Lines lines);

/// Returns the text on one line and never refuses it. For names that machines make up.
///
/// Drops unacceptable characters, and cuts after the last whole grapheme cluster (UAX 29) within `longest`
/// code points. Text that is not UTF-8 becomes empty.
std::string cleaned_text(std::string_view given, std::size_t longest);

}  // namespace csauth::text
