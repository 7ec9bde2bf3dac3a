#include "http/middleware.hpp"

#include "http/gzip.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <memory>

namespace sallyport::http {
namespace {

/// LoopBack's project template.
constexpr std::string_view template_json = R"({
    "initial:before": {"loopback#favicon": {}},
    "initial": {
        "compression": {},
        "cors": {"params": {"origin": true, "credentials": true, "maxAge": 86400}},
        "helmet#xssFilter": {},
        "helmet#frameguard": {"params": {"action": "deny"}},
        "helmet#hsts": {"params": {"maxAge": 0, "includeSubDomains": true}},
        "helmet#hidePoweredBy": {},
        "helmet#ieNoOpen": {},
        "helmet#noSniff": {},
        "helmet#noCache": {"enabled": false}
    },
    "session": {},
    "routes": {"loopback#rest": {"paths": ["${restApiRoot}"]}},
    "final": {"loopback#urlNotFound": {}}
})";

MiddlewareRules rules_of(std::string_view json, bool strict = false) {
    return read_middleware(parse_json(json).as_object(), strict);
}

Task<Response> give(Response response) { co_return response; }

/// What becomes of `response` to `request`.
Response wrapped(MiddlewareRules rules, Request const& request, Response response) {
    auto handler = with_middleware(std::move(rules), [&](Request const&) { return give(response); });
    return wait_for(handler(request));
}

Request get(Headers headers = {}, std::string target = "/api/Notes") {
    Request request;
    request.verb = "GET";
    request.target = std::move(target);
    request.headers = std::move(headers);
    return request;
}

Request with_verb(std::string verb, Request request) {
    request.verb = std::move(verb);
    return request;
}

Response json(std::string body = "[]") {
    return {200, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body)};
}

std::string text_of(Response const& response) { return std::get<std::string>(response.body); }

struct Expected {
    std::string_view name;
    std::string_view value;  ///< "" for absent.
};

void expect_headers(Response const& response, std::initializer_list<Expected> rows) {
    for (auto const& row : rows) EXPECT_EQ(response.header(row.name), row.value) << row.name;
}

TEST(Middleware, AnswersCarryTheHeadersOfTheTemplate) {
    auto const answer = wrapped(rules_of(template_json), get({{"Origin", "http://other.test"}}), json());
    expect_headers(answer, {
                               {"Access-Control-Allow-Origin", "http://other.test"},
                               {"Access-Control-Allow-Credentials", "true"},
                               {"Vary", "Origin, Accept-Encoding"},
                               {"X-XSS-Protection", "1; mode=block"},
                               {"X-Frame-Options", "DENY"},
                               {"Strict-Transport-Security", "max-age=0; includeSubDomains"},
                               {"X-Download-Options", "noopen"},
                               {"X-Content-Type-Options", "nosniff"},
                               {"X-Powered-By", ""},
                               {"Cache-Control", ""},
                               {"Content-Security-Policy", ""},
                           });
}

TEST(Middleware, WithoutOriginOnlyTheOriginIsLeftOut) {
    auto const answer = wrapped(rules_of(template_json), get(), json());
    expect_headers(answer, {{"Access-Control-Allow-Origin", ""},
                            {"Access-Control-Allow-Credentials", "true"},
                            {"Vary", "Origin, Accept-Encoding"}});
}

TEST(Middleware, APreflightIsAnsweredWithoutTheHandler) {
    auto const request = with_verb("OPTIONS", get({{"Origin", "http://other.test"},
                                                   {"Access-Control-Request-Method", "POST"},
                                                   {"Access-Control-Request-Headers", "content-type,authorization"}}));
    auto const answer = wrapped(rules_of(template_json), request, {500, {}, "handler"});
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(text_of(answer), "");
    expect_headers(answer, {
                               {"Access-Control-Allow-Origin", "http://other.test"},
                               {"Access-Control-Allow-Credentials", "true"},
                               {"Vary", "Origin, Access-Control-Request-Headers"},
                               {"Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"},
                               {"Access-Control-Allow-Headers", "content-type,authorization"},
                               {"Access-Control-Max-Age", "86400"},
                               {"Content-Type", ""},
                           });
}

TEST(Middleware, WithoutCorsOptionsIsTheHandlersToAnswer) {
    EXPECT_EQ(wrapped(rules_of("{}"), with_verb("OPTIONS", get()), {404, {}, "no"}).status, 404);
}

TEST(Middleware, OriginsAreSharedWithAsTheEntrySays) {
    struct Row {
        std::string_view params;
        bool strict;
        std::string_view origin;
        std::string_view allowed;  ///< "" for no header.
    };
    Row const rows[] = {
        {R"({"origin": "https://a.test"})", false, "https://a.test", "https://a.test"},
        {R"({"origin": "https://a.test"})", false, "https://b.test", ""},
        {R"({"origin": ["https://a.test", "https://b.test"]})", false, "https://b.test", "https://b.test"},
        {R"({"origin": ["https://a.test"]})", false, "https://a.test.evil.test", ""},
        {R"({"origin": ["https://a.test"]})", false, "https://A.test", ""},
        {R"({"origin": ["null"]})", false, "null", ""},
        {R"({"origin": false})", false, "https://a.test", ""},
        {R"({"origin": "*"})", false, "https://a.test", "*"},
        {R"({})", false, "https://a.test", "*"},
        {R"({"origin": true})", false, "https://a.test", "https://a.test"},
        {R"({"origin": true, "credentials": true})", false, "null", "null"},
        {R"({"origin": true, "credentials": true})", true, "https://a.test", ""},
        {R"({"origin": "*", "credentials": true})", true, "https://a.test", ""},
        {R"({"origin": true})", true, "https://a.test", "*"},
        {R"({"origin": ["https://a.test"], "credentials": true})", true, "https://a.test", "https://a.test"},
        {R"({"origin": ["https://a.test"], "credentials": true})", true, "null", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.params);
        SCOPED_TRACE(row.origin);
        auto const rules =
            rules_of(R"({"initial": {"cors": {"params": )" + std::string{row.params} + "}}}", row.strict);
        auto const answer = wrapped(rules, get({{"Origin", std::string{row.origin}}}), json());
        EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), row.allowed);
    }
}

TEST(Middleware, PagesElsewhereSeeTheCountsOfAListUnlessTheEntrySaysOtherwise) {
    auto const exposed = [](std::string_view params, Headers headers) {
        auto const rules = rules_of(R"({"initial": {"cors": {"params": )" + std::string{params} + "}}}");
        auto answer = wrapped(rules, get({{"Origin", "https://a.test"}}), {200, std::move(headers), std::string{}});
        return std::string{answer.header("Access-Control-Expose-Headers")};
    };
    Headers const counts{{"Content-Range", "items 0-1/3"}, {"X-Total-Count", "3"}};

    EXPECT_EQ(exposed(R"({"origin": true})", counts), "Content-Range, X-Total-Count");
    EXPECT_EQ(exposed(R"({"origin": true})", {}), "");
    EXPECT_EQ(exposed(R"({"exposedHeaders": ["X-Mine"]})", counts), "X-Mine");
}

TEST(Middleware, EntriesMayBeListsOrSwitchedOff) {
    struct Row {
        std::string_view json;
        std::string_view frame_options;
    };
    Row const rows[] = {
        {R"({"initial": {"helmet#frameguard": {}}})", "SAMEORIGIN"},
        {R"({"initial": {"helmet#frameguard": {"params": ["deny"]}}})", "DENY"},
        {R"({"initial": {"helmet#frameguard": {"params": [{"action": "DENY"}]}}})", "DENY"},
        {R"({"routes:after": {"helmet#frameguard": [{"enabled": false}, {"params": {"action": "deny"}}]}})", "DENY"},
        {R"({"initial": {"helmet#frameguard": {"enabled": false}}})", ""},
        {R"({"initial": {"helmet#frameguard": [{"enabled": false}]}})", ""},
        {R"({"initial": {"helmet": {}}})", "SAMEORIGIN"},
        {R"({"initial": null, "final": {"unknown": {}, "cors": 7}})", ""},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(wrapped(rules_of(row.json), get(), json()).header("X-Frame-Options"), row.frame_options) << row.json;
    }
}

TEST(Middleware, HstsSaysWhatTheEntrySays) {
    struct Row {
        std::string_view params;
        std::string_view value;
    };
    Row const rows[] = {
        {"{}", "max-age=15552000; includeSubDomains"},
        {R"({"maxAge": 5, "includeSubDomains": false})", "max-age=5"},
        {R"({"maxAge": 5, "includeSubdomains": false, "preload": true})", "max-age=5; preload"},
    };
    for (auto const& row : rows) {
        auto const rules = rules_of(R"({"initial": {"helmet#hsts": {"params": )" + std::string{row.params} + "}}}");
        EXPECT_EQ(wrapped(rules, get(), json()).header("Strict-Transport-Security"), row.value);
    }
}

TEST(Middleware, ContentPoliciesAreWrittenFromTheirDirectives) {
    auto const rules = rules_of(R"({"initial": {"helmet#contentSecurityPolicy": {"params": {"directives":
        {"defaultSrc": ["'self'"], "img-src": ["'self'", "data:"], "upgradeInsecureRequests": true}}}}})",
                                true);
    EXPECT_EQ(wrapped(rules, get(), json()).header("Content-Security-Policy"),
              "default-src 'self'; img-src 'self' data:; upgrade-insecure-requests");
}

TEST(Middleware, StrictAnswersAreSafeWithoutAnyEntry) {
    for (int status : {200, 401, 404, 500}) {
        auto response = json();
        response.status = status;
        expect_headers(wrapped(rules_of("{}", true), get(), response),
                       {
                           {"X-Content-Type-Options", "nosniff"},
                           {"X-Frame-Options", "DENY"},
                           {"Referrer-Policy", "no-referrer"},
                           {"Cross-Origin-Resource-Policy", "same-origin"},
                           {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
                           {"Cache-Control", "no-store"},
                           {"Strict-Transport-Security", ""},
                           {"Access-Control-Allow-Origin", ""},
                       });
    }
}

TEST(Middleware, StrictPagesMayUseTheirOwnFiles) {
    auto const answer =
        wrapped(rules_of("{}", true), get({}, "/"), {200, {{"Content-Type", "text/html; charset=utf-8"}}, "<p>"});
    EXPECT_NE(answer.header("Content-Security-Policy").find("script-src 'self'"), std::string::npos);
    EXPECT_EQ(answer.header("Content-Security-Policy").find("unsafe"), std::string::npos);
    EXPECT_EQ(answer.header("Cache-Control"), "");
}

TEST(Middleware, HstsIsForTlsAloneAndTheSettingWins) {
    struct Row {
        bool strict;
        std::string_view json;
        Hsts hsts;
        std::string_view over_tls;
        std::string_view plain = "";
    };
    constexpr std::string_view entry = R"({"initial": {"helmet#hsts": {"params": {"maxAge": 60}}}})";
    constexpr std::string_view of_entry = "max-age=60; includeSubDomains";
    Row const rows[] = {
        {true, "{}", {}, "max-age=31536000"},
        {true, entry, {}, of_entry},
        {true, "{}", {.seconds = 5}, "max-age=5"},
        {true, entry, {.seconds = 5}, "max-age=5"},
        {true, "{}", {.seconds = 0}, ""},
        {true, entry, {.seconds = 0}, ""},
        {false, "{}", {}, ""},
        {false, "{}", {.is_usual = true}, "max-age=31536000"},
        {false, "{}", {.seconds = 5}, "max-age=5"},
        {false, entry, {.is_usual = true}, of_entry, of_entry},  // As helmet has it.
        {false, entry, {.seconds = 5}, "max-age=5"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.json);
        auto const rules = read_middleware(parse_json(row.json).as_object(), row.strict, "/api", row.hsts);
        auto request = get();
        EXPECT_EQ(wrapped(rules, request, json()).header("Strict-Transport-Security"), row.plain);
        request.is_secure = true;
        EXPECT_EQ(wrapped(rules, request, json()).header("Strict-Transport-Security"), row.over_tls);
    }
}

TEST(Middleware, AnAnswersOwnHeadersGoFirst) {
    auto response = json();
    response.set_header("Cache-Control", "private");
    response.set_header("X-Frame-Options", "SAMEORIGIN");
    response.set_header("Vary", "Accept");
    auto const answer = wrapped(rules_of(template_json), get(), response);
    expect_headers(
        answer,
        {{"Cache-Control", "private"}, {"X-Frame-Options", "SAMEORIGIN"}, {"Vary", "Accept, Origin, Accept-Encoding"}});
}

TEST(Middleware, NoStoreHoldsBelowTheApiOnly) {
    struct Row {
        std::string_view path;
        bool is_kept_out;
    };
    Row const rows[] = {{"/api", true},   {"/api/x.css", true}, {"/api?x", true},
                        {"/API/x", true}, {"/apiary", false},   {"/", false}};
    for (auto const& row : rows) {
        auto const answer = wrapped(rules_of("{}", true), get({}, std::string{row.path}), json());
        EXPECT_EQ(answer.header("Cache-Control"), row.is_kept_out ? "no-store" : "") << row.path;
    }
}

// Tags
// ------------------------------------------------------------------------------------------------------------------

TEST(Middleware, ReadsAreTaggedAndKnownOnesAreNotSentAgain) {
    auto const first = wrapped(rules_of("{}"), get(), json("[1]"));
    auto const tag = std::string{first.header("ETag")};
    EXPECT_TRUE(tag.starts_with("W/\"3-")) << tag;

    struct Row {
        std::string_view verb;
        Headers headers;
        int status;
    };
    Row const rows[] = {
        {"GET", {{"If-None-Match", tag}}, 304},
        {"GET", {{"If-None-Match", tag.substr(2)}}, 304},
        {"GET", {{"If-None-Match", "\"x\", " + tag}}, 304},
        {"GET", {{"If-None-Match", "\"a,b\",W/\"c\" , " + tag + ",\"d\""}}, 304},
        {"GET", {{"If-None-Match", "*"}}, 304},
        {"HEAD", {{"If-None-Match", "*"}}, 304},
        {"GET", {{"If-None-Match", "\"other\""}}, 200},
        {"GET", {{"If-None-Match", tag}, {"Cache-Control", "no-cache"}}, 200},
        {"POST", {{"If-None-Match", "*"}}, 200},
        {"GET", {}, 200},
    };
    for (auto const& row : rows) {
        auto const answer = wrapped(rules_of("{}"), with_verb(std::string{row.verb}, get(row.headers)), json("[1]"));
        EXPECT_EQ(answer.status, row.status) << row.verb;
        if (row.status != 304) continue;
        EXPECT_EQ(text_of(answer), "");
        EXPECT_EQ(answer.header("Content-Type"), "");
        EXPECT_EQ(answer.header("ETag"), tag);
    }
    EXPECT_EQ(wrapped(rules_of("{}"), get({{"If-None-Match", "*"}}), {404, {}, "no"}).status, 404);

    auto const empty = wrapped(rules_of("{}"), get({{"If-None-Match", "*"}}), {204, {}, ""});
    EXPECT_EQ(empty.status, 204);
    EXPECT_EQ(empty.header("ETag"), "");
}

TEST(Middleware, APageThatIsNotSentAgainKeepsThePolicyItCameWith) {
    auto const answer = wrapped(rules_of("{}", true), get({}, "/"), {304, {{"ETag", "\"1\""}}, {}});
    EXPECT_EQ(answer.header("Content-Security-Policy"), "");
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
}

TEST(Middleware, EveryByteOfABodyMattersToItsTag) {
    std::string const body(100, 'x');
    auto const tag_of = [](std::string text) {
        return std::string{wrapped(rules_of("{}"), get(), json(std::move(text))).header("ETag")};
    };
    auto const tag = tag_of(body);
    EXPECT_EQ(tag_of(body), tag);
    for (std::size_t i = 0; i < body.size(); ++i) {
        auto changed = body;
        changed[i] = 'y';
        EXPECT_NE(tag_of(changed), tag) << i;
    }
}

TEST(Middleware, HeadKeepsTheLengthAndLosesTheBody) {
    auto const answer = wrapped(rules_of("{}"), with_verb("HEAD", get()), json("[1,2]"));
    EXPECT_EQ(text_of(answer), "");
    EXPECT_EQ(answer.header("Content-Length"), "5");
}

// Compression
// -----------------------------------------------------------------------------------------------------------

std::string unzipped(std::string const& data) {
    std::string out(100000, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST(Middleware, LargeTextsAreCompressedForThoseWhoAcceptIt) {
    std::string const large(5000, 'x');
    Request const willing = get({{"Accept-Encoding", "br, gzip"}});
    for (int i = 0; i < 2; ++i) {
        auto const answer = wrapped(rules_of(template_json), willing, json(large));
        EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
        EXPECT_EQ(answer.header("Vary"), "Origin, Accept-Encoding");
        EXPECT_LT(text_of(answer).size(), 100u);
        EXPECT_EQ(unzipped(text_of(answer)), large);
    }

    struct Row {
        char const* why;
        Request request;
        Response response;
    };
    auto secret = json(large);
    secret.carries_secret = true;
    auto done = json(large);
    done.set_header("Content-Encoding", "br");
    auto fixed = json(large);
    fixed.set_header("Cache-Control", "no-transform");
    Row const rows[] = {
        {"small", willing, json(std::string(1023, 'x'))},
        {"a secret", willing, secret},
        {"compressed already", willing, done},
        {"not to be transformed", willing, fixed},
        {"not asked for", get(), json(large)},
        {"an answer to POST", with_verb("POST", willing), json(large)},
        {"no text", willing, {200, {{"Content-Type", "image/png"}}, large}},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(text_of(wrapped(rules_of(template_json), row.request, row.response)).size(),
                  text_of(row.response).size())
            << row.why;
    }
    EXPECT_EQ(text_of(wrapped(rules_of("{}"), willing, json(large))), large) << "not configured";
}

TEST(Middleware, AcceptEncodingIsReadWithItsQualities) {  // RFC 9110 section 12.5.3
    struct Row {
        std::string_view value;
        bool gzip;
    };
    Row const rows[] = {
        {"gzip", true},
        {"GZIP;q=0.5", true},
        {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"*", true},
        {"", false},
        {"gzip;q=0", false},
        {"gzip; q=0.000, *", false},
        {"br", false},
        {"*;q=0", false},
        {"identity", false},
        {"*;q=0, gzip", true},
        {"x-gzip", true},
    };
    for (auto const& row : rows) EXPECT_EQ(accepts_gzip(row.value), row.gzip) << row.value;
}

TEST(Middleware, SecretsAreNeitherTaggedNorStored) {
    auto response = json();
    response.carries_secret = true;
    expect_headers(wrapped(rules_of("{}"), get(), response), {{"ETag", ""}, {"Cache-Control", "no-store"}});
}

TEST(Middleware, AnAnswerThatNoHandlerGaveHasTheSameHeaders) {
    auto const request = get({{"Origin", "https://other.example"}});
    Response refusal{413, {{"Content-Type", "application/json; charset=utf-8"}}, "{}"};
    auto const given = wrapped(rules_of(template_json), request, refusal);
    add_headers(rules_of(template_json), request, refusal);

    EXPECT_EQ(refusal.header("Access-Control-Allow-Origin"), "https://other.example");
    for (auto const& [name, value] : refusal.headers) {
        if (name != "Vary") EXPECT_EQ(given.header(name), value) << name;
    }
    for (auto const& [name, value] : given.headers) EXPECT_FALSE(refusal.header(name).empty()) << name;
}

TEST(Middleware, TheFaviconIsAnsweredOnlyWhereConfigured) {
    auto const answer = wrapped(rules_of(template_json), get({}, "/favicon.ico"), {404, {}, "no"});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Type"), "image/x-icon");
    EXPECT_TRUE(text_of(answer).starts_with(std::string_view{"\0\0\1\0\1\0", 6}));
    EXPECT_EQ(wrapped(rules_of("{}"), get({}, "/favicon.ico"), {404, {}, "no"}).status, 404);
    EXPECT_EQ(wrapped(rules_of(template_json), with_verb("POST", get({}, "/favicon.ico")), {404, {}, "no"}).status,
              404);
}

}  // namespace
}  // namespace sallyport::http
