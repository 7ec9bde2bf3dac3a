// Writes the mobile numbers of every country as rows of C++: {"FR", "33", "PATTERN"}. Where a country gives mobiles the
// same numbers as fixed lines (the +1 countries), its fixed lines are the pattern.
import fs from 'node:fs';
import metadata from 'libphonenumber-js/max/metadata';

const [fixedLine, mobile] = [0, 1];
const typesAt = 11; // In the place where a country's kinds of numbers stand.

const rows = Object.entries(metadata.countries).flatMap(([country, data]) => {
  const types = data.find((part, index) => index >= typesAt && Array.isArray(part)) ?? [];
  const pattern = types[mobile]?.[0] || (types[mobile] && types[fixedLine]?.[0]);
  return pattern ? [`{"${country}", "${data[0]}", R"(${pattern})"},`] : [];
});
fs.writeFileSync(process.argv[2], rows.join('\n') + '\n');
