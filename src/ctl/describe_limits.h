#pragma once

namespace csauth {

// What `describe` prints of limits, on standard output.

/// The tables of docs/use/limits.md and of the OpenAPI document, in Markdown.
void print_limits();
void print_rates();
void print_walls();

/// What nginx counts: the keys and the zones, for the http block.
void print_walls_of_nginx();

/// That it counts, and how many requests may follow each other: for a location.
void print_limits_of_nginx();

}  // namespace csauth
