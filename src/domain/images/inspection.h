#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "images/picture.h"

// What inspect() knows of each format. `is_…` returns true if the file begins as one of the format; the other
// functions take such a file only. `inspect_…` checks that it is whole and has few enough parts, but not how
// large the picture is. `exif_of_…` returns the Exif data, a part of `file`, or "" if there is none.
namespace csauth::images {

using Inspected = Result<Picture, PictureFault>;

// These return a fault of kind `bad_picture`.
PictureFault bad(std::string detail);
PictureFault cut_short();
PictureFault too_many_parts();

bool is_png(std::string_view file);
Inspected inspect_png(std::string_view file);
std::string_view exif_of_png(std::string_view file);

bool is_jpeg(std::string_view file);
Inspected inspect_jpeg(std::string_view file);
std::string_view exif_of_jpeg(std::string_view file);

bool is_webp(std::string_view file);
Inspected inspect_webp(std::string_view file);
std::string_view exif_of_webp(std::string_view file);

bool is_gif(std::string_view file);
Inspected inspect_gif(std::string_view file);

/// What precedes the TIFF structure of Exif data in JPEG files, and in some WebP files.
inline constexpr std::string_view kExifPrefix{"Exif\0\0", 6};

/// Returns the orientation that Exif data names in the first directory of its TIFF structure; 1 if it names
/// none.
unsigned orientation_in(std::string_view exif);

}  // namespace csauth::images
