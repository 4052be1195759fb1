#pragma once

namespace csauth {

// The parts of `describe` about limits. All print on standard output.

/// Print tables for docs/limits.md and the OpenAPI document, in Markdown: what a request may cost, the rates,
/// and the walls.
void print_limits();
void print_rates();
void print_walls();

/// Prints nginx' keys and zones of the walls, for the http block.
void print_walls_of_nginx();

/// Prints which walls apply and their bursts, for a location of nginx.
void print_limits_of_nginx();

}  // namespace csauth
