// The development channel: prints the code, as the article does. Refused in production unless allowed.

#pragma once

#include "sallyport/sender.hpp"

namespace sallyport::delivery {

/// Writes "Two factor code for EMAIL: CODE" to standard output.
class ConsoleSender final : public Sender {
public:
    Task<> send(Message message) override;
};

/// Keeps mail in memory as LoopBack's STUB transport does; at most the newest 1000.
class StubMail final : public Sender {
public:
    Task<> send(Message message) override;
};

}  // namespace sallyport::delivery
