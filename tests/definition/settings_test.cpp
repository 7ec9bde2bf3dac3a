#include "definition/settings.hpp"

#include <gtest/gtest.h>

namespace sallyport::definition {
namespace {

struct File {
    explicit File(std::string_view text) : located{parse_located(text, "x.json")} {}
    Located located;
    Json json = located.json();
    Places places = places_of(located);
};

std::string told(Settings const& settings) {
    std::string text;
    for (auto const& [name, value, from] : settings.in_use()) text += name + " " + to_text(value) + " " + from + "\n";
    return text;
}

TEST(Settings, WhatIsReadIsNotedWithItsValueAndItsPlace) {
    File const file{"{\"port\": 1,\n \"tls\": {\"key\": \"k\"}, \"on\": \"yes\", \"unread\": 3}"};
    Settings settings{file.json, file.places};
    EXPECT_EQ(settings.number("port", 2), 1);
    EXPECT_EQ(settings.text("tls.key"), "k");
    EXPECT_EQ(settings.text("tls.other", "o"), "o");
    EXPECT_FALSE(settings.flag("on", false));
    EXPECT_TRUE(settings.given("absent").is_undefined());
    EXPECT_EQ(told(settings), "port 1 x.json:1\ntls.key \"k\" x.json:2\ntls.other \"o\" default\non false x.json:2\n");
}

TEST(Settings, ANumberMayBeAText) {
    File const file{R"({"port": "2525", "half": "2 5", "none": "", "far": "1e999"})"};
    Settings settings{file.json, file.places};
    EXPECT_EQ(settings.number("port", 25), 2525);
    for (auto const* path : {"half", "none", "far"}) EXPECT_EQ(settings.number(path, 25), 25) << path;
}

TEST(Settings, ALaterNoteReplacesTheFirst) {
    File const file{R"({"port": 1})"};
    Settings settings{file.json, file.places};
    settings.any("port");
    settings.text("host", "h");
    settings.note("port", 2, "--port");
    EXPECT_EQ(told(settings), "port 2 --port\nhost \"h\" default\n");
}

TEST(Settings, WhatIsReadBelowIsNotedAboveByItsWholePath) {
    File const file{R"({"transports": [{"host": "a"}, {"host": "b"}]})"};
    Settings const settings{file.json, file.places};
    EXPECT_EQ(settings.below("transports.1").text("host"), "b");
    EXPECT_TRUE(settings.at("transports.2.host").is_undefined());
    EXPECT_TRUE(settings.at("transports.x.host").is_undefined());
    EXPECT_EQ(told(settings), "transports.1.host \"b\" x.json:1\n");
}

}  // namespace
}  // namespace sallyport::definition
