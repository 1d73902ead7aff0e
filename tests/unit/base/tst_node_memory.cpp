// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/huge_pages.h"
#include "core/base/node_memory.h"

#include <QTest>

#include <algorithm>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using namespace poolscope;

class TestNodeMemory : public QObject
{
    Q_OBJECT

private slots:
    void placesAreApart_data();
    void placesAreApart();
    void placesAreUsedAgain();
    void threadsGiveBackEachOthersPlaces();
    void threadGivesBackWhatItKeptWhenItEnds();
    void emptyRegionsAreGivenBack();
};

void TestNodeMemory::placesAreApart_data()
{
    QTest::addColumn<int>("bytes");
    for (const int bytes : {1, 64, 65, 96, 128, 256, 257, 1000}) {
        QTest::addRow("%d bytes", bytes) << bytes;
    }
}

void TestNodeMemory::placesAreApart()
{
    QFETCH(int, bytes);
    const auto size = static_cast<std::size_t>(bytes);
    std::vector<unsigned char*> places;
    for (int i = 0; i < 1000; ++i) {
        places.push_back(static_cast<unsigned char*>(NodeMemory::take(size)));
        std::memset(places.back(), i % 256, size);
    }
    for (int i = 0; i < 1000; ++i) {
        unsigned char* place = places[static_cast<std::size_t>(i)];
        for (std::size_t byte = 0; byte < size; ++byte) {
            QCOMPARE(int{place[byte]}, i % 256);
        }
        NodeMemory::give(place, size);
    }
}

void TestNodeMemory::placesAreUsedAgain()
{
    const std::size_t before = NodeMemory::regionBytes();
    for (int i = 0; i < 1'000'000; ++i) {
        NodeMemory::give(NodeMemory::take(100), 100);
    }
    QVERIFY(NodeMemory::regionBytes() <= before + (std::size_t{2} << 20U));
}

void TestNodeMemory::threadsGiveBackEachOthersPlaces()
{
    constexpr int kThreads = 4;
    constexpr int kRounds = 200;
    std::vector<std::vector<void*>> handedOver(kThreads);
    for (int round = 0; round < kRounds; ++round) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kThreads; ++i) {
            threads.emplace_back([&mine = handedOver[i]] {
                for (void* place : mine) { // of another thread
                    NodeMemory::give(place, 128);
                }
                mine.clear();
                for (int k = 0; k < 300; ++k) {
                    mine.push_back(NodeMemory::take(128));
                }
            });
        }
        threads.clear();
        std::set<void*> all;
        for (const auto& places : handedOver) {
            all.insert(places.begin(), places.end());
        }
        QCOMPARE(all.size(), std::size_t{kThreads * 300});
        std::rotate(handedOver.begin(), handedOver.begin() + 1, handedOver.end());
    }
    for (const auto& places : handedOver) {
        for (void* place : places) {
            NodeMemory::give(place, 128);
        }
    }
}

void TestNodeMemory::threadGivesBackWhatItKeptWhenItEnds()
{
    const std::size_t before = NodeMemory::regionBytes();
    for (int i = 0; i < 2'000; ++i) {
        std::jthread([] { NodeMemory::give(NodeMemory::take(256), 256); });
    }
    // What 2,000 threads would keep for ever is 32 MB.
    QVERIFY(NodeMemory::regionBytes() <= before + (std::size_t{4} << 20U));
}

void TestNodeMemory::emptyRegionsAreGivenBack()
{
    constexpr std::size_t kMiB = std::size_t{1} << 20U;
    const std::size_t before = NodeMemory::regionBytes();
    std::vector<void*> places;
    for (std::size_t i = 0; i < 64 * kMiB / 192; ++i) {
        places.push_back(NodeMemory::take(192));
    }
    const bool hasRegions = NodeMemory::regionBytes() > before; // not beside an address sanitizer
    for (void* place : places) {
        NodeMemory::give(place, 192);
    }
    // One is kept, and those in which places lie that the thread keeps.
    QVERIFY(NodeMemory::regionBytes() <= before + 8 * kMiB);
    QVERIFY(!hasRegions || HugePages::keptCount() > 0);
}

QTEST_GUILESS_MAIN(TestNodeMemory)
#include "tst_node_memory.moc"
