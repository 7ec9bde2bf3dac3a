#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

namespace sallyport::http {
namespace {

using std::chrono::steady_clock;

// Forward secrecy and authenticated encryption in both versions; AES with 128 bits first, which is as safe in practice
// and the fastest where the processor knows AES.
constexpr char const* ciphers_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr char const* ciphers_1_3 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr char const* groups = "X25519:P-256:P-384";
constexpr long ticket_seconds = 7200;
constexpr unsigned char spoken[] = "\x08http/1.1";  // As ALPN writes it (RFC 7301 section 3.1).
constexpr unsigned int spoken_bytes = sizeof spoken - 1;

/// A client that names protocols and not ours may mean another service: no connection at all (RFC 7301 section 3.2).
int choose_protocol(SSL*, unsigned char const** out, unsigned char* out_size, unsigned char const* offered,
                    unsigned int offered_bytes, void*) {
    unsigned char* chosen = nullptr;
    auto const found = SSL_select_next_proto(&chosen, out_size, spoken, spoken_bytes, offered, offered_bytes);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void require(bool is_good) {
    if (!is_good) throw std::runtime_error{"OpenSSL refuses our settings of TLS"};
}

void set_rules(SSL_CTX* context) {
    require(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
    require(SSL_CTX_set_cipher_list(context, ciphers_1_2) == 1);
    require(SSL_CTX_set_ciphersuites(context, ciphers_1_3) == 1);
    require(SSL_CTX_set1_groups_list(context, groups) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);          // 34 KB less for each connection that only waits.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // Tickets keep nothing here.
    SSL_CTX_set_num_tickets(context, 1);
    SSL_CTX_set_timeout(context, ticket_seconds);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

void set_certificate(SSL_CTX* context, Certificate const& certificate) {
    // The security level speaks here: 2 refuses keys of less than 112 bits of strength, such as RSA with 1024.
    if (SSL_CTX_use_certificate(context, certificate.own.get()) != 1) {
        throw CertificateError{CertificateError::File::certificate, "this certificate is too weak",
                               "use RSA with at least 2048 bits or ECDSA P-256, and SHA-256"};
    }
    for (auto const& next : certificate.chain) require(SSL_CTX_add1_chain_cert(context, next.get()) == 1);
    require(SSL_CTX_use_PrivateKey(context, certificate.key.get()) == 1);
}

std::shared_ptr<SSL_CTX> make_context(Certificate const& certificate) {
    std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    if (!context) throw std::bad_alloc{};
    set_rules(context.get());
    set_certificate(context.get(), certificate);
    ERR_clear_error();
    return context;
}

int as_int(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max())); }

}  // namespace

TlsSession::TlsSession(std::shared_ptr<ssl_ctx_st> const& context)
    : session_{SSL_new(context.get()), SSL_free}, incoming_{BIO_new(BIO_s_mem())}, outgoing_{BIO_new(BIO_s_mem())} {
    if (!session_ || incoming_ == nullptr || outgoing_ == nullptr) throw std::bad_alloc{};
    BIO_set_mem_eof_return(incoming_, -1);  // Empty means "more will come", not the end.
    SSL_set_bio(session_.get(), incoming_, outgoing_);
    SSL_set_accept_state(session_.get());
}

TlsSession::~TlsSession() = default;

void TlsSession::feed(std::string_view sealed) { BIO_write(incoming_, sealed.data(), as_int(sealed.size())); }

TlsSession::State TlsSession::state_after(int result) const {
    switch (SSL_get_error(session_.get(), result)) {
        case SSL_ERROR_NONE:
            return State::ready;
        case SSL_ERROR_WANT_READ:
            return State::hungry;
        case SSL_ERROR_ZERO_RETURN:
            return State::closed;
        default:
            return ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST ? State::plain : State::broken;
    }
}

TlsSession::State TlsSession::shake_hands() {
    ERR_clear_error();  // OpenSSL's errors wait in a queue of the thread, which other sessions use too.
    return state_after(SSL_do_handshake(session_.get()));
}

TlsSession::State TlsSession::read(std::span<char> room, std::size_t& count) {
    ERR_clear_error();
    return state_after(SSL_read_ex(session_.get(), room.data(), room.size(), &count));
}

bool TlsSession::write(std::string_view clear) {
    if (clear.empty()) return true;
    ERR_clear_error();
    return SSL_write(session_.get(), clear.data(), as_int(clear.size())) == as_int(clear.size());
}

void TlsSession::close() {
    ERR_clear_error();
    if (SSL_is_init_finished(session_.get()) == 1) SSL_shutdown(session_.get());
    ERR_clear_error();
}

std::string_view TlsSession::sealed() const {
    char* bytes = nullptr;
    auto const count = BIO_get_mem_data(outgoing_, &bytes);
    return {bytes, static_cast<std::size_t>(std::max(count, 0L))};
}

void TlsSession::clear_sealed() { BIO_reset(outgoing_); }

Tls::Tls(Certificate certificate)
    : certificate_{std::move(certificate)}, context_{make_context(certificate_)}, made_{steady_clock::now()} {}

std::unique_ptr<TlsSession> Tls::open() {
    std::scoped_lock const lock{mutex_};
    auto const now = steady_clock::now();
    if (now - made_ > ticket_key_life) {
        context_ = make_context(certificate_);
        made_ = now;
    }
    return std::make_unique<TlsSession>(context_);
}

void Tls::use(Certificate certificate) {
    auto context = make_context(certificate);
    std::scoped_lock const lock{mutex_};
    certificate_ = std::move(certificate);
    context_ = std::move(context);
    made_ = steady_clock::now();
}

}  // namespace sallyport::http
