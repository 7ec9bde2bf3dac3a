#include "sallyport/json.hpp"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

std::string iso(double milliseconds) {
    std::string out;
    append_iso_date(out, milliseconds);
    return out;
}

TEST(Date, TextsAreReadAsDateParseDoes) {
    struct Row {
        char const* text;
        char const* iso;
    };
    Row const rows[] = {
        {"2015-06-01", "2015-06-01T00:00:00.000Z"},
        {"2015-06", "2015-06-01T00:00:00.000Z"},
        {"2015", "2015-01-01T00:00:00.000Z"},
        {"2015-06-01T12:30:15.5+02:00", "2015-06-01T10:30:15.500Z"},
        {"2015-06-01T12:30:15.123456Z", "2015-06-01T12:30:15.123Z"},
        {"2015-06-01 10:00", "2015-06-01T10:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
        {"+012015-06-01", "+012015-06-01T00:00:00.000Z"},
        {"-000001-01-01T00:00:00Z", "-000001-01-01T00:00:00.000Z"},
        {"2015-06-01T24:00:00Z", "2015-06-02T00:00:00.000Z"},
        {"Jun 1, 2015 10:00", "2015-06-01T10:00:00.000Z"},
        {"1 June 2015 10:00 PM GMT+0200", "2015-06-01T20:00:00.000Z"},
        {"2015/06/01", "2015-06-01T00:00:00.000Z"},
        {"06/01/2015", "2015-06-01T00:00:00.000Z"},
        {"Mon, 01 Jun 2015 10:00:00 GMT", "2015-06-01T10:00:00.000Z"},
    };
    for (auto const& row : rows) EXPECT_EQ(iso(parse_date(row.text)), row.iso) << row.text;
}

TEST(Date, WhatIsNoDateIsNaN) {
    for (char const* text :
         {"", "x", "1433152800000", "2015-13-01", "2015-06-01T25:00Z", "2015-06-01T12", "tomorrow"}) {
        EXPECT_NE(parse_date(text), parse_date(text)) << text;
    }
}

TEST(Date, TimesBeforeTheEpochAreWritten) { EXPECT_EQ(iso(-1), "1969-12-31T23:59:59.999Z"); }

}  // namespace
}  // namespace sallyport
