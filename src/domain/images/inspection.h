#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "images/picture.h"

// What inspect() knows of each format. A function `inspect_…` reads a file of its format, and checks that it
// is whole and has few enough parts. `exif_of_…` returns the Exif data, or "" if there is none.
namespace csauth::images {

using Inspected = Result<Picture, PictureFault>;

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
