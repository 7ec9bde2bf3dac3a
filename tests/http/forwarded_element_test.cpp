#include "http/forwarded_element.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace sallyport::http {
namespace {

std::string in_short(Headers const& headers) {
    std::string text;
    for (auto const& element : forwarded_elements(headers)) text += "(" + element.node + "|" + element.scheme + ")";
    return text;
}

TEST(ForwardedElements, AreReadAsRfc7239WritesThem) {
    std::pair<std::string_view, std::string_view> const rows[] = {
        {"for=192.0.2.60;proto=http;by=203.0.113.43", "(192.0.2.60|http)"},  // Section 4
        {"for=192.0.2.43, for=198.51.100.17", "(192.0.2.43|)(198.51.100.17|)"},
        {R"(For="[2001:db8:cafe::17]:4711")", "([2001:db8:cafe::17]:4711|)"},
        {R"(for="_gazonk")", "(_gazonk|)"},
        {R"(FOR=unknown;Proto=HTTPS)", "(unknown|HTTPS)"},
        {R"(proto="ht\tp";host="a,b;c=\"d")", "(|http)"},
        {"by=10.0.0.1", "(|)"},
        {"for=10.0.0.1:80 ; proto=http ,for=10.0.0.2", "(10.0.0.1:80|http)(10.0.0.2|)"},
    };
    for (auto const& [line, elements] : rows) {
        EXPECT_EQ(in_short({{"Forwarded", std::string{line}}}), elements) << line;
    }
}

TEST(ForwardedElements, ALineThatBreaksTheGrammarNamesNobody) {
    for (std::string_view const line :
         {"", "for", "for=1.2.3.4,", ",for=1.2.3.4", "for=1.2.3.4;", "for =1.2.3.4", R"(for="1.2.3.4)", R"(for="a\)",
          "for=6.6.6.6;for=1.2.3.4", R"(for=6.6.6.6;x=", for="1.2.3.4")", R"(for="6.6.6.6"x, for=1.2.3.4)"}) {
        EXPECT_EQ(in_short({{"Forwarded", std::string{line}}}), "(|)") << line;
    }
    EXPECT_EQ(in_short({{"Forwarded", "for=\""}, {"forwarded", "for=1.2.3.4"}}), "(|)(1.2.3.4|)");
}

}  // namespace
}  // namespace sallyport::http
