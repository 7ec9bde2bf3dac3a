// Every question is also an argument. Questions are asked at a terminal alone: a script is told what it left out.

#pragma once

#include <string>

namespace sallyport::cli {

/// Fills `value` if it is empty with the answer to `question`; at a terminal with `usual` where the answer is nothing.
/// Throws UsageError, naming `argument`, where it stays empty.
void ask(std::string& value, std::string const& argument, std::string const& question, std::string const& usual = "");

}  // namespace sallyport::cli
