#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace csauth::text {

enum class Lines { one, many };

/// Returns text of any script as it is stored and shown: in NFC, without white space at either end, with at
/// most `longest` code points. An empty text is acceptable.
///
/// A line break of any kind becomes a line feed, or a space if only one line is allowed; a tab becomes a
/// space. Characters that show nothing are dropped, and so are those that turn the direction of what
/// follows. What scripts and emoji need is kept: joiners, direction marks, variation selectors and the tags
/// of a flag. Code points that this version of Unicode does not know are kept, too.
///
/// `too_long`. `invalid`: not UTF-8, a control character, or a noncharacter (Unicode 23.7).
Result<std::string, Complaint> plain_text(std::string_view given, std::size_t longest, Lines lines);

/// Returns the text on one line and never refuses it. Drops unacceptable characters, and cuts after the last
/// whole grapheme cluster (UAX 29). For names that machines make up.
std::string cleaned_text(std::string_view given, std::size_t longest);

}  // namespace csauth::text
