// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/catalogue.h"

#include "core/base/mutex.h"
#include "core/workload/function_library.h"
#include "core/workload/workload_table.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <deque>
#include <iterator>
#include <utility>

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
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    void add(std::uint64_t bits)
    {
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

/// Catalogues are never freed while the process lives: jobs point into them.
struct Shelf
{
    Mutex mutex;
    std::deque<Catalogue> catalogues PS_GUARDED_BY(mutex);
    std::atomic<const Catalogue*> newest{nullptr};
};

Shelf& shelf()
{
    static Shelf shelf;
    return shelf;
}

} // namespace

Catalogue::Catalogue()
    : m_workloads(makeWorkloads())
{}

Result<void> Catalogue::addLibrary(const std::string& path)
{
    Result<FunctionLibrary> opened = openFunctionLibrary(path);
    if (!opened) {
        return opened.error();
    }
    FunctionLibrary& library = opened.value();
    if (std::ranges::find(m_libraries, library.path) != m_libraries.end()) {
        return {};
    }
    for (const Workload& workload : library.workloads) {
        if (const Workload* other = find(workload.id)) {
            return Error{"The functions in " + library.path + " cannot be used: there is a \"" +
                         workload.id + "\" in " + other->library +
                         " already. Leave one of the two out, or give its library another id."};
        }
    }
    std::ranges::move(library.workloads, std::back_inserter(m_workloads));
    m_libraries.push_back(std::move(library.path));
    m_stamps.push_back(library.stamp);
    return {};
}

const Workload* Catalogue::find(std::string_view id) const
{
    const auto found = std::ranges::find(m_workloads, id, &Workload::id);
    return found == m_workloads.end() ? nullptr : &*found;
}

std::uint64_t Catalogue::hash() const
{
    Hash hash;
    for (const Workload& workload : m_workloads) {
        hash.add(workload.id);
        hash.add(static_cast<double>(workload.params.size()));
        for (const ParamSpec& spec : workload.params) {
            addSpec(hash, spec);
        }
    }
    for (const std::uint64_t stamp : m_stamps) {
        hash.add(stamp);
    }
    return hash.value();
}

const Catalogue& catalogue()
{
    static const Catalogue builtIn;
    const Catalogue* newest = shelf().newest.load(std::memory_order_acquire); // setCatalogue()
    return newest != nullptr ? *newest : builtIn;
}

void setCatalogue(Catalogue newer)
{
    Shelf& all = shelf();
    const MutexLock lock(all.mutex);
    all.catalogues.push_back(std::move(newer));
    all.newest.store(&all.catalogues.back(), std::memory_order_release); // catalogue()
}

std::span<const Workload> workloads()
{
    return catalogue().workloads();
}

const Workload* findWorkload(std::string_view id)
{
    return catalogue().find(id);
}

std::uint64_t catalogueHash()
{
    return catalogue().hash();
}

} // namespace poolscope
