// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Writes the seeds of the fuzzers' corpora, tests/fuzz/corpus/<fuzzer>/{sound,damaged}-<what>, from what
// our own writers make. To be called again when a format has changed.

#include "core/executor/message.h"
#include "core/executor/task_cell.h"
#include "core/io/run_file.h"
#include "core/task/codec.h"
#include "core/trace/collector.h"
#include "tests/fuzz/run_check.h"
#include "tests/unit/io/sample_run.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

using namespace poolscope;

namespace {

namespace fs = std::filesystem;

class Corpus
{
public:
    explicit Corpus(fs::path folder)
        : m_folder(std::move(folder))
    {
        fs::create_directories(m_folder);
    }
    void put(const std::string& name, std::string_view bytes)
    {
        std::ofstream out(m_folder / name, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        m_isGood = m_isGood && out.flush().good();
    }
    [[nodiscard]] bool isGood() const { return m_isGood; }

private:
    fs::path m_folder;
    bool m_isGood = true;
};

std::string withByte(std::string bytes, std::size_t at, char byte)
{
    bytes.at(at) = byte;
    return bytes;
}

ParamSet sampleParams()
{
    ParamSet params;
    params.set("tasks", std::int64_t{1000});
    params.set("least", std::numeric_limits<std::int64_t>::min());
    params.set("share", 0.1);
    params.set("paths", std::string("/tmp/a\n/tmp/\xff", 13));
    return params;
}

bool writeCodec(Corpus corpus)
{
    ByteWriter items;
    const auto addItem = [&items](std::uint64_t whole, const Value& value) {
        items.writeUnsigned(whole);
        items.writeSigned(-static_cast<std::int64_t>(whole / 2));
        items.writeReal(std::numeric_limits<double>::quiet_NaN());
        items.writeText("text");
        items.writeValue(value);
    };
    addItem(0, {});
    addItem(std::numeric_limits<std::uint64_t>::max(), std::int64_t{-1});
    addItem(127, -0.0);
    addItem(128, std::string("a\0b", 3));
    ByteWriter params;
    params.writeParams(sampleParams());
    params.writeParams({});
    const std::string asItems = '\0' + items.bytes();
    const std::string asParams = '\1' + params.bytes();
    corpus.put("sound-items", asItems);
    corpus.put("sound-params", asParams);
    corpus.put("damaged-items-cut", std::string_view(asItems).substr(0, asItems.size() - 1));
    corpus.put("damaged-params-cut", std::string_view(asParams).substr(0, asParams.size() / 2));
    corpus.put("damaged-params-count", withByte(asParams, 1, '\x7f'));
    corpus.put("damaged-number-of-11-bytes", '\0' + std::string(10, '\xff') + '\1');
    corpus.put("damaged-twice-the-same", std::string("\1\2\1a\1\0\1a\1\0", 10));
    return corpus.isGood();
}

TaskCost sampleCost()
{
    TaskCost cost;
    cost.cpuNs = 1'000'000;
    cost.runQueueNs = 70'000;
    cost.voluntarySwitches = 2;
    cost.minorFaults = 300;
    cost.peakMemoryKiB = 4096;
    cost.startCore = 1;
    cost.flags = TaskCost::kMeasuredFlag | TaskCost::kRunQueueFlag;
    return cost;
}

std::string workersStream()
{
    MessageWriter writer;
    std::string stream(writer.hello({kProtocolVersion, 0x0123456789abcdef, 4242, "0.1.0"}));
    for (const Value& value : {Value(), Value(std::int64_t{-7}), Value(2.5), Value("text")}) {
        stream +=
            writer.result({7, TaskState::Done, value, "", 1'000'000'000'000, 1'000'000'004'321, 3});
    }
    stream += writer.result({6, TaskState::Done, {}, "", 1, 2, 3, sampleCost()});
    stream += writer.result({8, TaskState::Failed, {}, "what it threw", 5, 5, 0xffff});
    stream += writer.doorbell();
    return stream;
}

std::string poolsStream()
{
    MessageWriter writer;
    std::string stream(writer.job({"hash_files", sampleParams(), 42, CostLevel::Totals}));
    stream += writer.tasks({3, 1000, 2, {"/tmp/a", "/tmp/b"}});
    stream += writer.tasks({4, 1002, 64, {}});
    return stream;
}

bool writeMessage(Corpus corpus)
{
    const std::string fromWorker = '\7' + workersStream();
    const std::string fromPool = '\1' + poolsStream();
    corpus.put("sound-from-worker", fromWorker);
    corpus.put("sound-from-pool", fromPool);
    corpus.put("damaged-cut", std::string_view(fromPool).substr(0, fromPool.size() - 2));
    corpus.put("damaged-kind", withByte(fromWorker, 5, '\x63'));
    corpus.put("damaged-length-zero", std::string("\1\0\0\0\0\1", 6));
    corpus.put("damaged-length-huge", std::string("\1\xff\xff\xff\xff\1", 6));
    corpus.put("damaged-magic", withByte(fromWorker, 6, '\0'));
    return corpus.isGood();
}

template <class Cell>
std::string cellsOf(char ring, std::uint32_t written, const std::vector<Cell>& cells)
{
    std::string bytes(1, ring);
    bytes.append(reinterpret_cast<const char*>(&written), sizeof(written));
    bytes.append(reinterpret_cast<const char*>(cells.data()), cells.size() * sizeof(Cell));
    return bytes;
}

std::vector<RequestCell> requestCells()
{
    std::vector<RequestCell> cells(5);
    putRequest({3, 1000, 64, {}}, cells[0]);
    putRequest({4, 7, 1, {"/tmp/a"}}, cells[1]);
    putRequest({4, 8, 1, {""}}, cells[2]);
    putRequest({4, 9, 2, {"two items", "go another way"}}, cells[3]);
    cells[4].kind = static_cast<std::uint8_t>(RequestKind::Stop);
    return cells;
}

std::vector<ResultCell> resultCells()
{
    std::vector<ResultCell> cells(6);
    std::size_t at = 0;
    for (const Value& value : {Value(), Value(std::int64_t{-7}), Value(2.5), Value("text"),
                               Value(std::string(100, 'x'))}) {
        putResult({at, TaskState::Done, value, "", 1'000'000'000'000, 1'000'000'004'321, 3},
                  cells[at]);
        ++at;
    }
    putResult({at, TaskState::Failed, {}, "what it threw", 5, 5, 0xffff}, cells[at]);
    return cells;
}

bool writeCell(Corpus corpus)
{
    const std::string requests = cellsOf('\0', 5, requestCells());
    const std::string results = cellsOf('\1', 6, resultCells());
    corpus.put("sound-requests", requests);
    corpus.put("sound-results", results);
    corpus.put("damaged-written-too-much", cellsOf('\1', 0xffffffff, resultCells()));
    corpus.put("damaged-written-zeroes", cellsOf('\1', ResultRing::kCount, resultCells()));
    corpus.put("damaged-state", withByte(results, 5 + offsetof(ResultCell, state), '\2'));
    corpus.put("damaged-holds", withByte(results, 5 + offsetof(ResultCell, holds), '\x20'));
    corpus.put(
        "damaged-text",
        withByte(results, 5 + 3 * sizeof(ResultCell) + offsetof(ResultCell, textBytes), '\x1c'));
    corpus.put("damaged-run", withByte(results, 5 + offsetof(ResultCell, runNs) + 7, '\x80'));
    corpus.put(
        "damaged-item",
        withByte(requests, 5 + sizeof(RequestCell) + offsetof(RequestCell, itemBytes), '\x2e'));
    corpus.put("damaged-count", withByte(requests, 5 + offsetof(RequestCell, count) + 3, '\1'));
    return corpus.isGood();
}

bool writeTaskQuery(Corpus corpus)
{
    corpus.put("sound-words", "Dog \"two words\" \xc3\xbc.png");
    corpus.put("sound-keys", "id:12 7 state:failed,lost executor:\"Thread pool\" worker:3 kind:a");
    corpus.put("sound-times", "> 10 ms run<=1.5s wait >= 2 us cpu = 3 \xc2\xb5s");
    corpus.put("sound-empty", " \t");
    corpus.put("damaged-quote", "dog \"cat");
    corpus.put("damaged-key", "stat:failed");
    corpus.put("damaged-state", "state:failed,,lost");
    corpus.put("damaged-unit", "run > 10 parsec");
    corpus.put("damaged-number", "id:99999999999999999999");
    return corpus.isGood();
}

bool writeParam(Corpus corpus)
{
    corpus.put("sound-whole", std::string("\0 42\n", 5));
    corpus.put("sound-wide", "\1-9200000000000000000");
    corpus.put("sound-real", "\2"
                             "1e-3");
    corpus.put("sound-infinite", "\3-inf");
    corpus.put("sound-text", "\4any \xff text");
    corpus.put("sound-paths", "\5/tmp/a\n\n/tmp/b");
    corpus.put("sound-choice", "\6"
                               "busy ");
    corpus.put("damaged-whole-below", std::string("\0-6", 3));
    corpus.put("damaged-wide-overflow", "\1"
                                        "9223372036854775808");
    corpus.put("damaged-real-nan", "\3nan");
    corpus.put("damaged-real-hex", "\2"
                                   "0x1p3");
    corpus.put("damaged-real-rest", "\2"
                                    "1.5 s");
    corpus.put("damaged-paths-zero", std::string("\5/tmp/\0a", 8));
    corpus.put("damaged-choice", "\6idle");
    return corpus.isGood();
}

std::string fileOf(const Snapshot& snapshot)
{
    std::ostringstream out;
    return writeRun(snapshot, out) ? out.str() : std::string();
}

/// \return a run in which nothing has happened: the smallest file.
SnapshotPtr emptyRun()
{
    auto meta = test::makeSampleMeta();
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = 1;
    meta->plan = std::move(plan);
    return makeFinishedSnapshot(std::make_shared<Recorder>(0, 2), std::move(meta), {}, 1);
}

bool writeRuns(Corpus files, Corpus sections)
{
    const std::string sample = fileOf(*test::makeSampleRun());
    const std::string empty = fileOf(*emptyRun());
    const std::string costly = fileOf(*test::makeCostlyRun());
    files.put("sound-sample", sample);
    files.put("sound-empty", empty);
    files.put("sound-costs", costly);
    const std::string blocked = fileOf(*test::makeBlockedRun());
    files.put("sound-blocked", blocked);
    files.put("damaged-cut", std::string_view(sample).substr(0, sample.size() - 5));
    files.put("damaged-middle",
              withByte(sample, sample.size() / 2, static_cast<char>(~sample[sample.size() / 2])));
    files.put("damaged-newer", withByte(empty, 8, '\x7f'));
    const std::string busy = fileOf(*test::makeRunWithInfrastructure());
    files.put("sound-infrastructure", busy);
    const std::string used = fileOf(*test::makeRunWithUsage());
    files.put("sound-usage", used);
    const std::string capped = fileOf(*test::makeRunWithGoneRecords());
    files.put("sound-gone", capped);
    const std::string plain = fuzz::unpackSections(sample);
    sections.put("sound-sample", plain);
    sections.put("sound-empty", fuzz::unpackSections(empty));
    const std::string plainCosts = fuzz::unpackSections(costly);
    sections.put("sound-costs", plainCosts);
    const std::string plainBlocked = fuzz::unpackSections(blocked);
    sections.put("sound-blocked", plainBlocked);
    const std::string plainBusy = fuzz::unpackSections(busy);
    sections.put("sound-infrastructure", plainBusy);
    sections.put("damaged-infrastructure", withByte(plainBusy, plainBusy.find("INFR") + 8, '\x66'));
    const std::string plainUsage = fuzz::unpackSections(used);
    sections.put("sound-usage", plainUsage);
    sections.put("damaged-usage", withByte(plainUsage, plainUsage.find("USAG") + 8, '\x66'));
    const std::string plainGone = fuzz::unpackSections(capped);
    sections.put("sound-gone", plainGone);
    sections.put("damaged-gone", withByte(plainGone, plainGone.find("GONE") + 8, '\xff'));
    sections.put("damaged-gone-sums", withByte(plainGone, plainGone.find("GONE") + 8, '\x66'));
    sections.put("damaged-blocked", withByte(plainBlocked, plainBlocked.find("BLKD") + 8, '\x66'));
    sections.put("damaged-costs", withByte(plainCosts, plainCosts.find("COST") + 8, '\x66'));
    sections.put("damaged-cut", std::string_view(plain).substr(0, plain.size() - 3));
    sections.put("damaged-facts", withByte(plain, 8, '['));
    sections.put("damaged-lane", withByte(plain, plain.find("LANE") + 8, '\x66'));
    sections.put("damaged-records", withByte(plain, plain.find("RECS") + 8, '\x66'));
    sections.put("damaged-results", withByte(plain, plain.find("RSLT") + 8, '\x66'));
    return files.isGood() && sections.isGood();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " <folder of corpora>\n";
        return 2;
    }
    const fs::path root = argv[1];
    const bool isWritten = writeCell(Corpus(root / "cell")) && writeCodec(Corpus(root / "codec")) &&
                           writeMessage(Corpus(root / "message")) &&
                           writeParam(Corpus(root / "param")) &&
                           writeTaskQuery(Corpus(root / "task_query")) &&
                           writeRuns(Corpus(root / "run_file"), Corpus(root / "run_sections"));
    if (!isWritten) {
        std::cerr << "cannot write all seeds below " << root << '\n';
    }
    return isWritten ? 0 : 1;
}
