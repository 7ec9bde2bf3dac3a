// The server with TLS, the PROXY protocol and a second door for plain HTTP.

#include "certificate_files.hpp"
#include "folder.hpp"
#include "http/tls.hpp"
#include "raw_client.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <csignal>

namespace sallyport::http {
namespace {

using std::chrono::milliseconds;
using namespace std::string_literals;

constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// A client of TLS on a RawClient's socket.
class TlsClient {
public:
    explicit TlsClient(int port, int least = 0, int most = 0, std::string_view before = "") : raw_{port} {
        raw_.send(before);
        SSL_CTX_set_min_proto_version(context_.get(), least);
        SSL_CTX_set_max_proto_version(context_.get(), most);
        SSL_CTX_set_security_level(context_.get(), 0);
        session_.reset(SSL_new(context_.get()));
        SSL_set_fd(session_.get(), raw_.socket().native_handle());
    }

    bool shake_hands() { return SSL_connect(session_.get()) == 1; }
    bool offer(std::string const& protocols) {
        auto const* bytes = reinterpret_cast<unsigned char const*>(protocols.data());
        return SSL_set_alpn_protos(session_.get(), bytes, static_cast<unsigned>(protocols.size())) == 0;
    }

    bool send(std::string_view bytes) {
        return SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

    /// Up to and with `mark`, or all until the end.
    std::string read_until(std::string_view mark) {
        std::string text;
        char piece[16384];
        while (!text.contains(mark)) {
            auto const count = SSL_read(session_.get(), piece, sizeof piece);
            if (count <= 0) break;
            text.append(piece, static_cast<std::size_t>(count));
        }
        return text;
    }

    /// Whether the server said that an end is meant.
    bool was_closed_properly() const { return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

    long serial() const {
        std::unique_ptr<X509, decltype(&X509_free)> const shown{SSL_get1_peer_certificate(session_.get()), X509_free};
        return shown ? ASN1_INTEGER_get(X509_get0_serialNumber(shown.get())) : 0;
    }

    SSL* session() { return session_.get(); }
    RawClient& raw() { return raw_; }

private:
    RawClient raw_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> session_{nullptr, SSL_free};
};

Task<Response> tell_who_asks(Request request) {
    co_return Response{200, {}, fmt::format("{} {} {}", request.peer, request.is_secure, request.body.size())};
}

Task<Response> large(Request) { co_return Response{200, {}, std::string(5'000'000, 'L')}; }

class TlsServerTest : public testing::Test {
protected:
    TlsServerTest() {
        std::signal(SIGPIPE, SIG_IGN);  // The client's OpenSSL writes to closed sockets.
        make_certificate(folder_.path(), "a", {.serial = 11});
        make_certificate(folder_.path(), "b", {.serial = 22});
        tls_ = std::make_shared<Tls>(pair("a"));
    }

    Certificate pair(std::string const& name) const {
        return read_certificate({folder_.path() / (name + ".pem"), folder_.path() / (name + ".key")});
    }

    std::unique_ptr<Server> serve(ServerRules rules = {}, Handler handler = tell_who_asks, Handler for_exposed = {}) {
        rules.tls = tls_;
        auto server = std::make_unique<Server>(EchoServer::with_test_port(std::move(rules)), std::move(handler),
                                               plain_refusal, BodyLimit{}, std::move(for_exposed));
        server->start();
        return server;
    }

    static std::string ask(TlsClient& client, std::string_view bytes = get) {
        client.send(bytes);
        auto answer = client.read_until("\r\n\r\n");
        auto const begin = answer.find("\r\n\r\n");
        return begin == std::string::npos ? answer : answer.substr(begin + 4);
    }

    Folder const folder_;
    std::shared_ptr<Tls> tls_;
};

TEST_F(TlsServerTest, KeepsTheConnectionAndKnowsThatItIsSecure) {
    auto const server = serve();
    TlsClient client{server->port()};
    ASSERT_TRUE(client.shake_hands());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(client), "127.0.0.1 true 0");
}

TEST_F(TlsServerTest, SpeaksVersions1_2And1_3Only) {
    auto const server = serve();
    std::pair<int, bool> const rows[] = {
        {TLS1_VERSION, false}, {TLS1_1_VERSION, false}, {TLS1_2_VERSION, true}, {TLS1_3_VERSION, true}};
    for (auto const& [version, is_spoken] : rows) {
        TlsClient client{server->port(), version, version};
        EXPECT_EQ(client.shake_hands(), is_spoken) << version;
    }
}

TEST_F(TlsServerTest, OnlyForwardSecretAuthenticatedCiphers) {
    auto const server = serve();
    for (auto const* cipher : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA", "NULL"}) {
        TlsClient client{server->port(), TLS1_2_VERSION, TLS1_2_VERSION};
        SSL_set_cipher_list(client.session(), cipher);
        EXPECT_FALSE(client.shake_hands()) << cipher;
    }
    TlsClient client{server->port(), TLS1_2_VERSION, TLS1_2_VERSION};
    ASSERT_TRUE(client.shake_hands());
    EXPECT_STREQ(SSL_get_cipher(client.session()), "ECDHE-ECDSA-AES128-GCM-SHA256");
}

TEST_F(TlsServerTest, DoesNotRenegotiate) {
    auto const server = serve();
    TlsClient client{server->port(), TLS1_2_VERSION, TLS1_2_VERSION};
    ASSERT_TRUE(client.shake_hands());
    timeval const patience{0, 300000};  // The refusal is a warning, after which the client goes on waiting.
    setsockopt(client.raw().socket().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(SSL_renegotiate(client.session()) == 1 && SSL_do_handshake(client.session()) == 1 &&
                  SSL_renegotiate_pending(client.session()) == 0,
              false);
}

TEST_F(TlsServerTest, NamesItsProtocolToWhoAsks) {
    auto const server = serve();
    std::pair<std::string, bool> const rows[] = {{"\x02h2\x08http/1.1"s, true},
                                                 {"\x08http/1.1"s, true},
                                                 {"\x02h2"s, false},
                                                 {"\x03"
                                                  "ftp"s,
                                                  false}};
    for (auto const& [offered, is_known] : rows) {
        TlsClient client{server->port()};
        client.offer(offered);
        EXPECT_EQ(client.shake_hands(), is_known) << offered;
    }
}

TEST_F(TlsServerTest, LargeBodiesGoBothWays) {
    auto const server = serve({.max_body = 3'000'000}, [](Request const& request) {
        return request.verb == "GET" ? large(request) : tell_who_asks(request);
    });
    TlsClient client{server->port()};
    ASSERT_TRUE(client.shake_hands());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2500000\r\n\r\n");
    client.send(std::string(2'500'000, 'x'));
    EXPECT_TRUE(client.read_until("2500000").ends_with("127.0.0.1 true 2500000"));

    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto const answer = client.read_until("never");
    EXPECT_TRUE(answer.ends_with("\r\n\r\n" + std::string(5'000'000, 'L'))) << answer.size();
    EXPECT_TRUE(client.was_closed_properly());
}

TEST_F(TlsServerTest, AHandshakeHasTheTimeOfAHeader) {
    auto const server = serve({.threads = 1, .header_time = milliseconds{200}});
    RawClient silent{server->port()};
    RawClient slow{server->port()};
    slow.send("\x16\x03\x01\x02\x00");

    TlsClient quick{server->port()};  // The others keep nobody waiting.
    ASSERT_TRUE(quick.shake_hands());
    EXPECT_EQ(ask(quick), "127.0.0.1 true 0");

    EXPECT_EQ(silent.read_all(), "");
    EXPECT_EQ(slow.read_all(), "");
}

TEST_F(TlsServerTest, GarbageCostsOneConnection) {
    auto const server = serve();
    for (auto const& bytes : {"\x16\x03\x01\x00\x05hello"s, "\x80\x2e\x01\x00\x02"s + std::string(60, 'x'),
                              std::string(20000, '\0'), "\x16\x03\x01\xff\xff"s + std::string(70000, 'y')}) {
        RawClient client{server->port()};
        client.send(bytes);
        client.read_all();
        TlsClient next{server->port()};
        ASSERT_TRUE(next.shake_hands());
        EXPECT_EQ(ask(next), "127.0.0.1 true 0");
    }
}

TEST_F(TlsServerTest, GarbageAfterTheHandshakeEndsTheConnection) {
    auto const server = serve();
    TlsClient client{server->port()};
    ASSERT_TRUE(client.shake_hands());
    client.raw().send("\x17\x03\x03\x00\x20" + std::string(32, 'z'));
    EXPECT_EQ(client.read_until("never"), "");
}

TEST_F(TlsServerTest, WhoSpeaksPlainHttpToItIsToldSo) {
    auto const server = serve();
    RawClient client{server->port()};
    client.send(get);
    auto const answer = client.read_all();
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_TRUE(answer.ends_with("This port speaks HTTPS")) << answer;
}

TEST_F(TlsServerTest, ANewCertificateIsForNewConnections) {
    auto const server = serve();
    TlsClient old{server->port()};
    ASSERT_TRUE(old.shake_hands());
    tls_->use(pair("b"));
    TlsClient fresh{server->port()};
    ASSERT_TRUE(fresh.shake_hands());

    EXPECT_EQ(old.serial(), 11);
    EXPECT_EQ(fresh.serial(), 22);
    EXPECT_EQ(ask(old), "127.0.0.1 true 0");
}

TEST_F(TlsServerTest, TicketsResumeASessionUntilTheCertificateChanges) {
    auto const server = serve();
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SCOPED_TRACE(version);
        TlsClient first{server->port(), version, version};
        ASSERT_TRUE(first.shake_hands());
        ask(first);
        std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> const kept{SSL_get1_session(first.session()),
                                                                             SSL_SESSION_free};
        auto const is_resumed = [&] {
            TlsClient next{server->port(), version, version};
            SSL_set_session(next.session(), kept.get());
            return next.shake_hands() && SSL_session_reused(next.session()) == 1;
        };
        EXPECT_TRUE(is_resumed());
        tls_->use(pair("b"));
        EXPECT_FALSE(is_resumed());
    }
}

TEST_F(TlsServerTest, StopsWithoutWaitingForHandshakes) {
    auto const server = serve({.drain_time = milliseconds{5000}});
    RawClient silent{server->port()};
    silent.send("\x16");
    TlsClient idle{server->port()};
    ASSERT_TRUE(idle.shake_hands());
    ask(idle);
    auto const begin = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{2500});
}

// The door for plain HTTP
// ------------------------------------------------------------------------------------------------------------

TEST_F(TlsServerTest, HasADoorForPlainHttpIfWanted) {
    auto const server = serve({.plain_port = 0});
    RawClient client{server->plain_port()};
    client.send(get);
    EXPECT_TRUE(client.read_answer().ends_with("127.0.0.1 false 0"));
    EXPECT_NE(server->plain_port(), server->port());
    TlsClient secure{server->port()};
    ASSERT_TRUE(secure.shake_hands());
}

TEST_F(TlsServerTest, WhatOthersCouldReadIsAnsweredByAnother) {
    auto const exposed = [](Request const&) -> Task<Response> { co_return Response{403, {}, std::string{"exposed"}}; };
    auto const server = serve({.plain_port = 0, .trusted_proxies = {"127.0.0.1"}}, tell_who_asks, exposed);
    std::pair<std::string_view, int> const rows[] = {
        {"", 200},
        {"X-Forwarded-For: 192.0.2.7\r\n", 200},
        {"X-Forwarded-Proto: https\r\n", 200},
        {"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: http\r\n", 403}};
    for (auto const& [headers, status] : rows) {
        RawClient client{server->plain_port()};
        client.send(fmt::format("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", headers));
        EXPECT_EQ(status_of(client.read_answer()), status) << headers;
    }
}

// The PROXY protocol
// ------------------------------------------------------------------------------------------------------------

ServerRules behind_proxy() { return {.plain_port = 0, .trusted_proxies = {"127.0.0.1"}, .proxy_protocol = true}; }

TEST_F(TlsServerTest, AProxyNamesTheClientBeforeTheFirstByte) {
    auto const server = serve(behind_proxy());
    RawClient plain{server->plain_port()};
    plain.send("PROXY TCP4 192.0.2.7 10.0.0.1 1234 443\r\n" + std::string{get});
    EXPECT_TRUE(plain.read_answer().ends_with("192.0.2.7 false 0"));
    plain.send(get);
    EXPECT_TRUE(plain.read_answer().ends_with("192.0.2.7 false 0"));

    TlsClient secure{server->port(), 0, 0, "PROXY TCP6 2001:db8::5 2001:db8::6 1 2\r\n"};
    ASSERT_TRUE(secure.shake_hands());
    EXPECT_EQ(ask(secure), "2001:db8::5 true 0");

    RawClient slow{server->plain_port()};
    slow.socket().set_option(boost::asio::ip::tcp::no_delay{true});
    for (char const c :
         "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x14\xC0\0\x02\x09\x0A\0\0\x01\0\1\0\1\x20\0\5\1\0\0\0\0"s + std::string{get}) {
        slow.send({&c, 1});
    }
    EXPECT_TRUE(slow.read_answer().ends_with("192.0.2.9 true 0"));
}

TEST_F(TlsServerTest, AClientThatAProxyNamedHasNoWordOfItsOwn) {
    auto const server = serve(behind_proxy());
    RawClient client{server->plain_port()};
    client.send(
        "PROXY TCP4 192.0.2.7 10.0.0.1 1234 443\r\nGET / HTTP/1.1\r\nHost: a\r\n"
        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n\r\n");
    EXPECT_TRUE(client.read_answer().ends_with("192.0.2.7 false 0"));
}

TEST_F(TlsServerTest, WithoutItsHeaderAProxyIsNotHeard) {
    auto const server = serve(behind_proxy());
    for (std::string_view const bytes : {get, std::string_view{"PROXY TCP4 nobody\r\n"}}) {
        RawClient client{server->plain_port()};
        client.send(bytes);
        EXPECT_EQ(client.read_all(), "");
    }
    RawClient half{server->plain_port()};
    half.send("PROXY TC");
    half.finish_sending();
    EXPECT_EQ(half.read_all(), "");
}

TEST_F(TlsServerTest, FromAStrangerThatHeaderIsABadRequest) {
    auto rules = behind_proxy();
    rules.trusted_proxies = {"10.0.0.0/8"};
    auto const server = serve(rules);
    for (auto const& header : {"PROXY TCP4 6.6.6.6 10.0.0.1 1234 443\r\n"s, "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C"s}) {
        RawClient client{server->plain_port()};
        client.send(header + std::string{get});
        EXPECT_EQ(status_of(client.read_all()), 400);
    }
    RawClient honest{server->plain_port()};
    honest.send(get);
    EXPECT_TRUE(honest.read_answer().ends_with("127.0.0.1 false 0"));
}

TEST_F(TlsServerTest, AProxysHeaderHasTheTimeOfAHeader) {
    auto rules = behind_proxy();
    rules.header_time = milliseconds{200};
    auto const server = serve(rules);
    RawClient client{server->plain_port()};
    client.send("PROXY TCP4 ");
    EXPECT_EQ(client.read_all(), "");
}

}  // namespace
}  // namespace sallyport::http
