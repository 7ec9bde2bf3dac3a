// The verbs of the command line.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sallyport::cli {

/// Runs what the arguments say, without the program's name. Results go to `out`, what is for people to `err`.
///
/// Returns the exit code: 0 done, 1 mistakes were found or it failed, 2 the arguments cannot be understood.
int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

/// As run(), but where the arguments are understood, nothing is done.
int parse(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace sallyport::cli
