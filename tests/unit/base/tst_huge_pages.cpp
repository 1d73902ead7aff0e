// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/huge_pages.h"

#include <QtTest>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

using namespace poolscope;

namespace {

bool isAligned(const void* page)
{
    return reinterpret_cast<std::uintptr_t>(page) % HugePages::kPageBytes == 0;
}

std::vector<void*> takeAndFill(std::size_t count)
{
    std::vector<void*> pages;
    for (std::size_t i = 0; i < count; ++i) {
        pages.push_back(HugePages::take());
        std::memset(pages.back(), static_cast<int>(i), HugePages::kPageBytes);
    }
    return pages;
}

} // namespace

class TestHugePages : public QObject
{
    Q_OBJECT

private slots:
    void pagesAreAlignedAndApart();
    void aPageIsUsedAgain();
    void smallPagesAreZeros();
    void noMoreAreKeptThanPromised();
    void keptPagesGoBackWhenAsked();
    void threadsTakeEachOthersPages();
};

void TestHugePages::pagesAreAlignedAndApart()
{
    const std::vector<void*> pages = takeAndFill(4);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        QVERIFY(isAligned(pages[i]));
        const auto* bytes = static_cast<const unsigned char*>(pages[i]);
        QVERIFY(std::all_of(bytes, bytes + HugePages::kPageBytes,
                            [i](unsigned char byte) { return byte == i; }));
    }
    std::for_each(pages.begin(), pages.end(), HugePages::give);
}

void TestHugePages::aPageIsUsedAgain()
{
    void* const page = HugePages::take();
    const std::size_t kept = HugePages::keptCount();
    HugePages::give(page);
    QCOMPARE(HugePages::keptCount(), kept + 1);
    QCOMPARE(HugePages::take(), page);
    QCOMPARE(HugePages::keptCount(), kept);
    HugePages::give(page);
}

void TestHugePages::smallPagesAreZeros()
{
    HugePages::give(takeAndFill(1).front()); // kept, and not what comes next
    void* const page = HugePages::takeSmallPages();
    QVERIFY(isAligned(page));
    const auto* bytes = static_cast<const unsigned char*>(page);
    QVERIFY(std::all_of(bytes, bytes + HugePages::kPageBytes,
                        [](unsigned char byte) { return byte == 0; }));
    HugePages::give(page);
}

void TestHugePages::noMoreAreKeptThanPromised()
{
    std::vector<void*> pages;
    for (std::size_t i = 0; i < HugePages::kMostKept + 8; ++i) {
        pages.push_back(HugePages::take());
    }
    QCOMPARE(HugePages::keptCount(), std::size_t{0});
    std::for_each(pages.begin(), pages.end(), HugePages::give);
    QCOMPARE(HugePages::keptCount(), HugePages::kMostKept);
}

void TestHugePages::keptPagesGoBackWhenAsked()
{
    HugePages::give(HugePages::take());
    QVERIFY(HugePages::keptCount() > 0);
    HugePages::trim();
    QCOMPARE(HugePages::keptCount(), std::size_t{0});
    auto* const page = static_cast<unsigned char*>(HugePages::take());
    QCOMPARE(page[0], static_cast<unsigned char>(0)); // a fresh one
    HugePages::give(page);
}

void TestHugePages::threadsTakeEachOthersPages()
{
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([i] {
            for (int round = 0; round < 50; ++round) {
                auto* const page = static_cast<int*>(HugePages::take());
                page[0] = page[1000] = i;
                std::this_thread::yield();
                if (page[0] != i || page[1000] != i) {
                    qFatal("a page that two have");
                }
                HugePages::give(page);
            }
        });
    }
    threads.clear();
    QVERIFY(HugePages::keptCount() <= HugePages::kMostKept);
}

QTEST_APPLESS_MAIN(TestHugePages)
#include "tst_huge_pages.moc"
