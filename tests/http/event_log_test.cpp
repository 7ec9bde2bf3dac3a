#include "http/event_log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace sallyport::http {
namespace {

TEST(EventLog, ALineHasTheFieldsOfARequestsFirst) {
    EXPECT_EQ(event_line("delivery", {{"channel", "sms"}, {"try", 2}, {"why", "a \"b\"\n"}}, 1433152800000),
              R"({"ts":"2015-06-01T10:00:00.000Z","event":"delivery","channel":"sms","try":2,"why":"a \"b\"\n"})");
}

TEST(EventLog, IsTextOnStandardErrorUnlessItHasLines) {
    ::testing::internal::CaptureStderr();
    EventLog{}.tell("alarm", {{"sent", 1}}, "alarm: one is sent");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "alarm: one is sent\n");

    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ::testing::internal::CaptureStderr();
    {
        LineWriter lines{ends[1]};
        EventLog{lines}.tell("alarm", {{"sent", 1}}, "alarm: one is sent");
    }
    close(ends[1]);
    char bytes[256];
    auto const count = read(ends[0], bytes, sizeof bytes);
    close(ends[0]);
    std::string const line(bytes, count > 0 ? static_cast<std::size_t>(count) : 0);
    EXPECT_TRUE(line.ends_with("\",\"event\":\"alarm\",\"sent\":1}\n")) << line;
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace sallyport::http
