#pragma once

namespace csauth {

// The parts of `describe` about limits. All print on standard output.

// The first three print tables in Markdown, for docs/use/limits.md and the OpenAPI document.

/// Prints what a request may cost: the rows of limit_rows().
void print_limits();

/// Prints the rates: what is counted, by what, and how fast it is forgotten.
void print_rates();

/// Prints the walls: requests a minute, and how many more at once.
void print_walls();

/// Prints nginx' keys and zones of the walls, for the http block.
void print_walls_of_nginx();

/// Prints which walls apply and their bursts, for a location of nginx.
void print_limits_of_nginx();

}  // namespace csauth
