#include "http/certificate.hpp"

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

namespace sallyport::http {
namespace {

using enum CertificateError::File;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

Bio open(std::filesystem::path const& file, CertificateError::File which) {
    struct stat facts{};
    if (stat(file.c_str(), &facts) != 0) {
        throw CertificateError{which, std::generic_category().message(errno), "paths are relative to the app's folder"};
    }
    if (!S_ISREG(facts.st_mode)) throw CertificateError{which, "not a file", "name a PEM file"};
    if (which == key && (facts.st_mode & 077) != 0) {
        throw CertificateError{which, "others can read this private key", "chmod 600 " + file.string()};
    }
    Bio bio{BIO_new_file(file.c_str(), "r"), BIO_free_all};
    if (!bio) throw CertificateError{which, "cannot be read", "the server's own user must be able to"};
    return bio;
}

/// A key that needs a passphrase: nobody is there to type it.
int no_passphrase(char*, int, int, void* was_asked) {
    *static_cast<bool*>(was_asked) = true;
    return -1;
}

std::shared_ptr<X509> read_one(BIO* bio) { return {PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free}; }

std::shared_ptr<EVP_PKEY> read_key(std::filesystem::path const& file) {
    auto const bio = open(file, key);
    bool is_encrypted = false;
    std::shared_ptr<EVP_PKEY> found{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &is_encrypted),
                                    EVP_PKEY_free};
    if (!found && is_encrypted) {
        throw CertificateError{key, "this private key has a passphrase", "openssl pkey -in FILE -out FILE removes it"};
    }
    if (!found)
        throw CertificateError{key, "holds no private key in PEM", "it begins with -----BEGIN PRIVATE KEY-----"};
    return found;
}

std::string serial_of(X509 const* certificate) {
    std::unique_ptr<BIGNUM, decltype(&BN_free)> const number{
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), BN_free};
    struct Free {
        void operator()(char* text) const { OPENSSL_free(text); }
    };
    std::unique_ptr<char, Free> const text{number ? BN_bn2hex(number.get()) : nullptr};
    return text ? text.get() : "";
}

std::string day_of(ASN1_TIME const* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "a day nobody can read";
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

void require_good_now(X509 const* own) {
    auto const* const begin = X509_get0_notBefore(own);
    auto const* const end = X509_get0_notAfter(own);
    if (X509_cmp_current_time(begin) > 0) {
        throw CertificateError{certificate, "this certificate is good only from " + day_of(begin),
                               "is the clock of this machine right?"};
    }
    if (X509_cmp_current_time(end) < 0) {
        throw CertificateError{certificate, "this certificate was good until " + day_of(end), "renew it"};
    }
}

}  // namespace

Certificate read_certificate(CertificateFiles const& files) {
    ERR_clear_error();
    Certificate found;
    auto const bio = open(files.certificate, certificate);
    found.own = read_one(bio.get());
    if (!found.own) {
        throw CertificateError{certificate, "holds no certificate in PEM",
                               "it begins with -----BEGIN CERTIFICATE-----"};
    }
    while (auto next = read_one(bio.get())) found.chain.push_back(std::move(next));
    found.key = read_key(files.key);
    if (X509_check_private_key(found.own.get(), found.key.get()) != 1) {
        throw CertificateError{key, "this key does not belong to the certificate",
                               "the first certificate in the file must be the server's own"};
    }
    require_good_now(found.own.get());
    found.serial = serial_of(found.own.get());
    found.expires = day_of(X509_get0_notAfter(found.own.get()));
    ERR_clear_error();  // The end of the file is told as an error.
    return found;
}

}  // namespace sallyport::http
