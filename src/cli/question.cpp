#include "cli/question.hpp"

#include "cli/verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

namespace sallyport::cli {

void ask(std::string& value, std::string const& argument, std::string const& question, std::string const& usual) {
    if (value.empty() && isatty(STDIN_FILENO) != 0) {
        std::cerr << question << (usual.empty() ? "" : fmt::format(" [{}]", usual)) << ": " << std::flush;
        bool const is_answered = static_cast<bool>(std::getline(std::cin, value));
        if (is_answered && value.empty()) value = usual;
    }
    if (value.empty()) throw UsageError{fmt::format("{} is missing\n  hint: {}", argument, question)};
}

}  // namespace sallyport::cli
