// Makes a C++ source of files: embed_pages.mjs OUTPUT.cpp FUNCTION NAME=FILE...; explorer/pages.hpp declares the function.
//
// A line "<!-- include: NAME -->" of a page stands for the file of that name in web/shared, indented like that line.
//
// Each file is compressed here with gzip and brotli, as small as they get. The results are string literals: every compiler
// reads those fast, and a compiler cache sees when they change.

import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const [output, declared, ...files] = process.argv.slice(2);
fs.mkdirSync(path.dirname(output), {recursive: true});

const brotliRules = size => ({
  params: {
    [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: size,
    [zlib.constants.BROTLI_PARAM_MODE]: zlib.constants.BROTLI_MODE_TEXT,
  },
});

// Octal escapes end after three digits, whatever comes next; "?" could begin a trigraph.
const escaped = byte => (byte < 32 || byte > 126 || '"\\?'.includes(String.fromCharCode(byte))
  ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte));

function literal(content) {
  const lines = [];
  for (let start = 0; start < content.length; start += 4096)
    lines.push(`"${Array.from(content.subarray(start, start + 4096), escaped).join('')}"`);
  return `std::string_view{${lines.join('\n')}, ${content.length}}`;
}

const shared = new URL('../web/shared/', import.meta.url);

function whole(file) {
  const content = fs.readFileSync(file);
  if (!file.endsWith('.html')) return content;
  return Buffer.from(content.toString().replace(/^( *)<!-- include: ([a-z_]+\.html) -->\n/gm, (_, indent, name) =>
    fs.readFileSync(new URL(name, shared), 'utf8').replace(/^(?=.)/gm, indent)));
}

let entries = '';
for (const argument of files) {
  const [name, file] = argument.split('=');
  const content = whole(file);
  const gzip = literal(zlib.gzipSync(content, {level: 9}));
  const brotli = literal(zlib.brotliCompressSync(content, brotliRules(content.length)));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  entries += `    {"${name}", "W/\\"${content.length.toString(16)}-${hash}\\"",\n         ${gzip},\n         ${brotli}},\n`;
}

fs.writeFileSync(output, `#include "explorer/pages.hpp"

namespace sallyport::explorer {
namespace {

constexpr http::EmbeddedFile all[] = {
${entries}};

}  // namespace

std::span<http::EmbeddedFile const> ${declared}() { return all; }

}  // namespace sallyport::explorer
`);
