// A certificate with its private key, from PEM files.

#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace sallyport::http {

struct CertificateFiles {
    std::filesystem::path certificate;  ///< PEM: the server's own first, then those that lead to the root.
    std::filesystem::path key;          ///< PEM, not encrypted, readable by its owner alone.
};

/// A pair that cannot be used; what() is one line without the path.
class CertificateError : public std::runtime_error {
public:
    enum class File : unsigned char { certificate, key };
    CertificateError(File file, std::string const& text, std::string hint)
        : std::runtime_error{text}, file_{file}, hint_{std::move(hint)} {}

    File file() const { return file_; }
    std::string const& hint() const { return hint_; }

private:
    File file_;
    std::string hint_;
};

/// Immutable; shared by all connections that were made while it was the current one.
struct Certificate {
    std::shared_ptr<x509_st> own;
    std::vector<std::shared_ptr<x509_st>> chain;  ///< Without `own`.
    std::shared_ptr<evp_pkey_st> key;
    std::string serial;   ///< Upper-case hex, as `openssl x509 -serial` shows it.
    std::string expires;  ///< "2027-03-01"
};

/// Reads a pair. Throws CertificateError for files that are missing, readable by others, no PEM, encrypted, not of one
/// pair, or whose certificate is not good now.
Certificate read_certificate(CertificateFiles const& files);

}  // namespace sallyport::http
