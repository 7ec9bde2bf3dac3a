// Certificates of a test's own.

#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace sallyport {

struct CertificateFor {
    long serial = 1;
    long good_from = -3600;  ///< seconds from now
    long good_until = 86400;
    int rsa_bits = 0;  ///< 0: ECDSA P-256
};

/// Writes NAME.pem and, for its owner alone, NAME.key into a folder.
inline void make_certificate(std::filesystem::path const& folder, std::string const& name, CertificateFor wanted = {}) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key{
        wanted.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits)) : EVP_EC_gen("P-256"), EVP_PKEY_free};
    std::unique_ptr<X509, decltype(&X509_free)> const made{X509_new(), X509_free};
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), wanted.serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wanted.good_from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.good_until);
    X509_set_pubkey(made.get(), key.get());
    auto* const subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), subject);
    if (X509_sign(made.get(), key.get(), EVP_sha256()) == 0) throw std::runtime_error{"no certificate was made"};

    auto const write = [&](std::string const& file, auto put) {
        std::unique_ptr<std::FILE, int (*)(std::FILE*)> const out{std::fopen((folder / file).c_str(), "w"),
                                                                  std::fclose};
        put(out.get());
    };
    write(name + ".pem", [&](std::FILE* out) { PEM_write_X509(out, made.get()); });
    write(name + ".key",
          [&](std::FILE* out) { PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    std::filesystem::permissions(folder / (name + ".key"), std::filesystem::perms{0600});
}

}  // namespace sallyport
