// What comes in, changed at random three hundred thousand times: every reader takes it or refuses it, and none does
// anything else. The sanitizers look on in `make sanitize`. The seed is fixed, so a failure comes again.

#include "http/forwarded_element.hpp"
#include "http/proxy_protocol.hpp"
#include "http/request_reader.hpp"
#include "query/parse.hpp"
#include "query/place.hpp"
#include "query/sql.hpp"
#include "query/table.hpp"
#include "sallyport/error.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport {
namespace {

constexpr int rounds = 50'000;

/// Texts that are almost those of `seeds`.
class Mutations {
public:
    Mutations(std::vector<std::string> seeds, std::vector<std::string> words)
        : seeds_{std::move(seeds)}, words_{std::move(words)} {}

    std::string next() {
        auto text = any_of(seeds_);
        for (auto left = 1 + any(4); left > 0; --left) change(text);
        return text;
    }

private:
    std::size_t any(std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_); }
    std::string const& any_of(std::vector<std::string> const& texts) { return texts[any(texts.size())]; }

    void change(std::string& text) {
        auto const at = any(text.size() + 1);
        auto const length = any(1 + std::min<std::size_t>(8, text.size() - at));
        switch (any(5)) {
            case 0:
                text.insert(at, 1, static_cast<char>(any(256)));
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(at, any_of(words_));
                break;
            case 3:
                text.insert(any(text.size() + 1), text.substr(at, length));
                break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << any(8)));
        }
    }

    std::mt19937_64 random_{1};
    std::vector<std::string> seeds_;
    std::vector<std::string> words_;
};

/// Hands mutations to `read`, which may throw an Error of the client's; true says that it was taken. Both happen.
template <class Read>
void try_all(Mutations mutations, Read read) {
    int taken = 0;
    for (int i = 0; i < rounds; ++i) {
        auto const text = mutations.next();
        try {
            taken += read(text) ? 1 : 0;
        } catch (JsonError const&) {
            // With its place; the caller makes a 400 of it.
        } catch (Error const& error) {
            ASSERT_GE(error.status, 400) << testing::PrintToString(text);
            ASSERT_LT(error.status, 500) << testing::PrintToString(text);
        }
    }
    EXPECT_GT(taken, 0);
    EXPECT_LT(taken, rounds);
}

TEST(MutatedInput, OfRequestHeadsAndChunks) {
    std::vector<std::string> const seeds{
        "GET /api/Notes?filter=%7B%7D HTTP/1.1\r\nHost: a\r\nCookie: tfa=AAAA; dev=BBBB\r\n\r\n",
        "POST /api/Notes HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nbody\r\n0\r\nT: 1\r\n\r\n",
        "GET http://a/x HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"};
    std::vector<std::string> const words{"\r\n",
                                         "\n",
                                         "\r",
                                         "\t",
                                         ": ",
                                         "\0",
                                         "Content-Length: 9",
                                         "HTTP/1.1",
                                         "%00",
                                         "chunked",
                                         "ffffffffffffffff",
                                         "../",
                                         "\xc0\xaf",
                                         " "};
    try_all(Mutations{seeds, words}, [](std::string_view bytes) {
        Request request;
        http::RequestReader reader{{}, request};
        std::size_t taken = 0;
        for (;;) {
            auto const stage = reader.stage();
            auto const count = reader.take(bytes.substr(taken));
            taken += count;
            EXPECT_LE(taken, bytes.size());
            if (count == 0 && stage == reader.stage()) break;
        }
        if (reader.stage() == http::RequestReader::Stage::refused) EXPECT_GE(reader.fault().status, 400);
        return reader.stage() == http::RequestReader::Stage::complete;
    });
}

TEST(MutatedInput, OfJson) {
    std::vector<std::string> const seeds{R"({"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",null,true],"b":{"c":{}}})",
                                         R"([[[[]]],{"a":1e308}])", R"("\"\\\/\b\f\n\r\t")"};
    std::vector<std::string> const words{"\\ud800", "[[[[[[[[", "{\"a\":", "1e999", "NaN", "\"",
                                         "\\",      "\0",       "\xff",    "null",  ",",   "-"};
    try_all(Mutations{seeds, words}, [](std::string_view text) {
        auto const json = parse_json(text);
        auto const written = to_text(json);
        EXPECT_EQ(to_text(parse_json(written)), written) << testing::PrintToString(text);
        return true;
    });
}

TEST(MutatedInput, OfFiltersUpToTheStatement) {
    auto model = place_model();
    definition::Registry models;
    models.add(model);
    auto const store = store::open_sqlite({});
    auto const table = query::make_table(model);
    store->prepare(store::plan_migration(*store, {table}));
    std::vector<std::string> const seeds{
        R"({"where":{"and":[{"name":{"like":"a%"}},{"score":{"between":[1,2]}}]},"order":"name DESC","limit":5})",
        R"({"where":{"or":[{"opened":{"gt":"2015-06-01"}},{"name":{"regexp":"^a.*b$"}}]},"skip":1})",
        R"({"where":{"location":{"near":"1,2","maxDistance":3}},"fields":["name","id"]})",
        R"({"where":{"ratings":{"inq":[1,2]},"open":true,"misc":{"nin":["x",1]},"nickname":{"ilike":"x"}}})"};
    std::vector<std::string> const words{"'", "\\\"", "--", ";",         "\"or\":",       "\"neq\":", "null",    "[",
                                         "%", "(",    "*",  "\"name\":", "{\"gt\":\"\"}", "1e400",    "\"pin\":"};
    try_all(Mutations{seeds, words}, [&](std::string_view text) {
        auto const filter = query::read_filter(parse_json(text), model, models, {});
        auto statement = query::count(table, filter.where, store->dialect());
        // What was read is SQL, whatever it was made of.
        wait_for(store->read(std::move(statement), [](store::Row const&) {}));
        return true;
    });
}

TEST(MutatedInput, OfQueries) {
    std::vector<std::string> const seeds{"filter[where][name]=a&filter[limit]=1", "a[]=1&a[]=2&b=%20+x",
                                         "access_token=x&filter=%7B%22a%22%3A1%7D"};
    std::vector<std::string> const words{"[",    "]",          "%", "%00", "&", "=", "[0]", "[999999999999]",
                                         "a=1&", "[__proto__]"};
    try_all(Mutations{seeds, words}, [](std::string_view text) { return query::read_query(text, true).size() > 0; });
}

TEST(MutatedInput, OfWhatProxiesSay) {
    std::vector<std::string> const seeds{
        "PROXY TCP4 192.0.2.1 198.51.100.1 5 80\r\n", "PROXY UNKNOWN\r\n",
        std::string{"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\1\xc6\x33\x64\1\0\5\0\x50", 28}};
    try_all(Mutations{seeds, {"\r\n", "\xff\xff", "TCP6", "::1", " ", "\x20"}}, [](std::string_view bytes) {
        auto const header = http::read_proxy_header(bytes);
        bool const is_whole = header.verdict == http::ProxyHeader::Verdict::whole;
        if (is_whole) EXPECT_LE(header.length, bytes.size());
        return is_whole;
    });
    std::vector<std::string> const elements{"for=192.0.2.1;proto=https, for=\"[2001:db8::1]:80\"", "for=_x;by=unknown"};
    Mutations forwarded{elements, {"\"", "\\", ",", ";", "for=", "=", "\t"}};
    for (int i = 0; i < rounds; ++i) http::forwarded_elements({{"Forwarded", forwarded.next()}});
}

}  // namespace
}  // namespace sallyport
