#include "cli/commands.hpp"

#include <iostream>

int main(int count, char** arguments) {
    return sallyport::cli::run({arguments + 1, arguments + count}, std::cout, std::cerr);
}
