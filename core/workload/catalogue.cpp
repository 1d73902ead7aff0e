// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/catalogue.h"

#include "core/workload/workload_table.h"

#include <algorithm>
#include <bit>

namespace poolscope {
namespace {

/// FNV-1a, 64 bits. Every item ends with a byte of its own, so that "ab","c" is not "a","bc".
class Hash
{
public:
    void add(std::string_view text)
    {
        for (const char byte : text) {
            addByte(static_cast<std::uint8_t>(byte));
        }
        addByte(0xff); // in no UTF-8 text
    }
    void add(double number)
    {
        const auto bits = std::bit_cast<std::uint64_t>(number);
        for (int shift = 0; shift < 64; shift += 8) {
            addByte(static_cast<std::uint8_t>(bits >> shift));
        }
    }
    [[nodiscard]] std::uint64_t value() const { return m_value; }

private:
    void addByte(std::uint8_t byte) { m_value = (m_value ^ byte) * 0x100000001b3U; }

    std::uint64_t m_value = 0xcbf29ce484222325U;
};

void addSpec(Hash& hash, const ParamSpec& spec)
{
    hash.add(spec.id);
    hash.add(static_cast<double>(spec.kind));
    hash.add(toText(spec.defaultValue));
    hash.add(spec.minimum);
    hash.add(spec.maximum);
    hash.add(spec.unit);
    for (const ParamChoice& choice : spec.choices) {
        hash.add(choice.id);
    }
}

} // namespace

std::span<const Workload> workloads()
{
    static const std::vector<Workload> table = makeWorkloads();
    return table;
}

const Workload* findWorkload(std::string_view id)
{
    const std::span<const Workload> all = workloads();
    const auto found = std::ranges::find(all, id, &Workload::id);
    return found == all.end() ? nullptr : &*found;
}

std::uint64_t catalogueHash()
{
    Hash hash;
    for (const Workload& workload : workloads()) {
        hash.add(workload.id);
        hash.add(static_cast<double>(workload.params.size()));
        for (const ParamSpec& spec : workload.params) {
            addSpec(hash, spec);
        }
    }
    return hash.value();
}

} // namespace poolscope
