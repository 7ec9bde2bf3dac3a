#include "cli/printed_table.hpp"

#include "crypto/control_characters.hpp"

#include <algorithm>
#include <ostream>

namespace sallyport::cli {
namespace {

std::string cell_text(Json const& value) {
    return value.is_nothing() ? std::string{} : crypto::show_control_characters(to_display(value));
}

// Characters, not bytes: what UTF-8 continues does not count.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string heading(std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return name;
}

}  // namespace

void print_table(JsonArray const& rows, std::vector<std::string> const& columns, std::ostream& out) {
    std::vector<std::vector<std::string>> lines(rows.empty() ? 0 : rows.size() + 1);
    for (auto const& column : columns) {
        std::vector<std::string> cells{heading(column)};
        for (auto const& row : rows) cells.push_back(cell_text(row[column]));
        if (std::ranges::all_of(cells.begin() + 1, cells.end(), [](auto const& cell) { return cell.empty(); }))
            continue;
        auto const widest = std::ranges::max(cells, {}, width);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            cells[i].append(width(widest) - width(cells[i]) + 2, ' ');
            lines[i].push_back(std::move(cells[i]));
        }
    }
    for (auto const& line : lines) {
        std::string text;
        for (auto const& cell : line) text += cell;
        out << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
    }
}

}  // namespace sallyport::cli
