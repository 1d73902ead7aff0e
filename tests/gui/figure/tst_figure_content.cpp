// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/figure_theme.h"

#include <QTest>

#include <algorithm>

namespace poolscope {

using test::countPixels;
using test::cropped;
using test::duel;
using test::figureOf;
using test::hasText;
using test::withParts;

/// What a figure says: words, legend, numbers, and what it leaves out.
class TestFigureContent : public QObject
{
    Q_OBJECT

private slots:
    void titleHasThePanelLetter();
    void subtitleIsMadeFromTheRun();
    void legendHoldsWhatOccursByTime();
    void namesBeyondTheColoursAreGrey();
    void legendSaysWhatColoursSay();
    void barsAreColouredAsAskedFor();
    void numbersAreThoseOfTheCrop();
    void speedUpNeedsARunOfOneWorker();
    void mergedTasksAreCounted();
    void coarsePixelsMergeMore();
    void failuresAreSeen();
    void idleIsWhite();
    void altTextSaysWhatHowManyAndWhatCameOfIt();
    void captionNamesMarksAndOrigin();
};

void TestFigureContent::titleHasThePanelLetter()
{
    FigureOptions options;
    options.panel = QStringLiteral("b");
    QVERIFY(hasText(figureOf(duel(100), options), QStringLiteral("(b) Synthetic trace")));
    options.title = QStringLiteral("My own");
    QVERIFY(hasText(figureOf(duel(100), options), QStringLiteral("(b) My own")));
}

void TestFigureContent::subtitleIsMadeFromTheRun()
{
    QCOMPARE(figureOf(test::makeSyntheticTrace(4, 2'000)).facts().subtitle,
             QStringLiteral("Thread pool, 4 workers, chunk 1, 2,000 tasks of synthetic"));
}

void TestFigureContent::legendHoldsWhatOccursByTime()
{
    using Shape = LegendEntry::Shape;
    const auto legendOf = [](const SnapshotPtr& trace, const FigureOptions& options = {}) {
        return figureOf(trace, options).facts().legend.entries;
    };
    const auto has = [](const std::vector<LegendEntry>& legend, Shape shape) {
        return std::ranges::any_of(
            legend, [shape](const LegendEntry& entry) { return entry.shape == shape; });
    };
    const SnapshotPtr lane = test::laneOf({{0, 100'000'000},
                                           {100'000'000, 400'000'000, TaskState::Failed},
                                           {500'000'000, 900'000'000, TaskState::TimedOut}},
                                          1'000'000'000);
    const auto all = legendOf(lane);
    QCOMPARE(all[0].text, QStringLiteral("one 100 %"));
    QVERIFY(all[1].shape == Shape::TimedOut); // the longest time first
    QCOMPARE(all[1].text, QStringLiteral("timed out 1, 50 %"));
    QVERIFY(all[2].shape == Shape::Failed);
    QVERIFY(!has(all, Shape::Cancelled) && !has(all, Shape::Lost) && !has(all, Shape::Merged));
    // Only what is in the crop.
    const auto part = legendOf(lane, cropped(lane, 0, 0.3));
    QVERIFY(has(part, Shape::Failed) && !has(part, Shape::TimedOut));
    QVERIFY(!hasText(figureOf(lane, withParts("none")), QStringLiteral("timed out")));
}

void TestFigureContent::namesBeyondTheColoursAreGrey()
{
    const SnapshotPtr trace = test::makeSyntheticTrace(4, 2'000);
    FigureOptions options;
    options.mostNames = 3;
    const Figure figure = figureOf(trace, options);
    QVERIFY(hasText(figure, QStringLiteral("+ 5 other task names (grey)")));
    const auto& grey = figure.facts().legend.greyKinds;
    QCOMPARE(grey.size(), std::size_t{5});
    const FigureScene& scene = figure.scene();
    for (const std::uint8_t kind : grey) {
        QVERIFY(scene.style.kinds[kind].fill == scene.style.theme.kinds.back());
    }
    QVERIFY(figureOf(trace).facts().legend.greyKinds.empty());
}

void TestFigureContent::legendSaysWhatColoursSay()
{
    using Shape = LegendEntry::Shape;
    const SnapshotPtr lane = test::laneOf(
        {{0, 5'000'000}, {10'000'000, 310'000'000}, {400'000'000, 695'000'000, TaskState::Failed}},
        1'000'000'000);
    const auto legendOf = [&lane](ColorMode mode) {
        FigureOptions options;
        options.colorBy = mode;
        return figureOf(lane, options).facts().legend.entries;
    };
    const auto times = legendOf(ColorMode::RunTime);
    QCOMPARE(times[0].text, QStringLiteral("Run time < 10 ms 0.8 %"));
    QCOMPARE(times[1].text, QStringLiteral("< 1 s 99 %"));
    QVERIFY(times[0].colorClass != times[1].colorClass);
    QVERIFY(times[2].shape == Shape::Failed); // its mark stays
    const auto ends = legendOf(ColorMode::Outcome);
    QCOMPARE(ends[0].text, QStringLiteral("Outcome done 51 %"));
    QVERIFY(ends[1].shape == Shape::Failed);
    const auto workers = legendOf(ColorMode::Worker);
    QVERIFY(workers[0].shape == Shape::Several);
    QVERIFY(workers[0].text.contains(QStringLiteral("repeat")));
}

void TestFigureContent::barsAreColouredAsAskedFor()
{
    const SnapshotPtr lane =
        test::laneOf({{0, 5'000'000}, {10'000'000, 910'000'000}}, 1'000'000'000);
    const auto pixelsOf = [&lane](ColorMode mode, int colorClass) {
        FigureOptions options = withParts("none");
        options.colorBy = mode;
        const Figure figure = figureOf(lane, options);
        const QColor fill = figure.scene().style.fullColors(mode, colorClass).fill;
        return countPixels(figure.image(), fill);
    };
    QVERIFY(pixelsOf(ColorMode::RunTime, 5) > 10'000); // below 1 s
    QCOMPARE(pixelsOf(ColorMode::RunTime, 7), 0);
    QVERIFY(pixelsOf(ColorMode::Outcome, 0) > 10'000);
    FigureOptions slide = withParts("legend");
    for (int mode = 0; mode < kColorModeCount; ++mode) { // each can be drawn, in each theme
        for (const auto theme : {FigureTheme::Paper, FigureTheme::Greyscale, FigureTheme::Dark}) {
            slide.colorBy = static_cast<ColorMode>(mode);
            slide.theme = theme;
            QVERIFY(!figureOf(duel(300), slide).image(72).isNull());
        }
    }
}

void TestFigureContent::numbersAreThoseOfTheCrop()
{
    const SnapshotPtr trace = duel(5'000);
    const auto value = [](const Figure& figure, const char* name) {
        for (const auto& [key, text] : figure.facts().numbers.front().values) {
            if (key == QLatin1String(name)) {
                return text;
            }
        }
        return QString();
    };
    const Figure whole = figureOf(trace);
    QCOMPARE(value(whole, "n"), QStringLiteral("5,000"));
    QVERIFY(!value(whole, "makespan").isEmpty());
    for (const char* name : {"utilisation", "run p50 / p95 / p99", "wait p50 / p95 / p99"}) {
        QVERIFY2(!value(whole, name).isEmpty(), name);
        QVERIFY2(hasText(whole, value(whole, name)), name);
    }
    const Figure part = figureOf(trace, cropped(trace, 0.25, 0.5));
    QVERIFY(value(part, "n") != value(whole, "n"));
    QVERIFY(value(part, "makespan").isEmpty() && !value(part, "range").isEmpty());
    QVERIFY(!hasText(figureOf(trace, withParts("legend")), value(whole, "run p50 / p95 / p99")));
}

void TestFigureContent::speedUpNeedsARunOfOneWorker()
{
    const auto hasSpeedUp = [](const Figure& figure) {
        return std::ranges::any_of(figure.facts().numbers.back().values, [](const auto& value) {
            return value.first == QStringLiteral("speed-up");
        });
    };
    const SnapshotPtr four =
        test::makeSyntheticTrace({.lanes = 4, .tasks = 500, .executors = 2, .failureRate = 0});
    QVERIFY(!hasSpeedUp(figureOf(four)));
    auto meta = std::make_shared<TraceMeta>(*four->meta);
    meta->executors[0].workers = 1;
    auto one = std::make_shared<Snapshot>(*four);
    one->meta = meta;
    QVERIFY(hasSpeedUp(figureOf(one)));
    QVERIFY(!hasSpeedUp(figureOf(one, cropped(one, 0.2, 0.5))));
}

void TestFigureContent::mergedTasksAreCounted()
{
    std::vector<test::TaskAt> tasks{{0, 500'000'000}};
    for (Nanos i = 0; i < 40; ++i) { // each far below a quarter of a point, together 20 points wide
        tasks.push_back({600'000'000 + i * 1'250'000, 600'000'000 + i * 1'250'000 + 200'000});
    }
    const SnapshotPtr lane = test::laneOf(tasks, 1'000'000'000);
    const Figure figure = figureOf(lane);
    QVERIFY(hasText(figure, QStringLiteral("40 tasks under")));
    QVERIFY(hasText(figure, QStringLiteral("×40")));
    QCOMPARE(figure.barsCsv().count('\n'), qsizetype{3});
    QVERIFY(!hasText(figureOf(test::laneOf({{0, 500'000'000}}, 1'000'000'000)),
                     QStringLiteral("merged")));
    // On a lane of columns too.
    QVERIFY(hasText(figureOf(duel(100'000)), QStringLiteral("merged")));
}

void TestFigureContent::coarsePixelsMergeMore()
{
    // Bars of half a point side by side: each of its own at 300 dpi, two to a pixel at 96.
    const Figure measure = figureOf(test::laneOf({{0, 500'000'000}}, 1'000'000'000));
    const auto halfNs = static_cast<Nanos>(0.5 * measure.scene().scale.nsPerPx);
    std::vector<test::TaskAt> tasks;
    for (Nanos i = 0; i < 40; ++i) {
        tasks.push_back({500'000'000 + i * halfNs, 500'000'000 + (i + 1) * halfNs});
    }
    const SnapshotPtr lane = test::laneOf(tasks, 1'000'000'000);
    FigureOptions options;
    QVERIFY(figureOf(lane, options).facts().footnote.isEmpty());
    options.dpi = 96;
    const Figure coarse = figureOf(lane, options);
    QVERIFY2(coarse.facts().footnote.contains(QStringLiteral("40 tasks")) &&
                 coarse.facts().footnote.contains(QStringLiteral("(0.75 pt)")),
             qPrintable(coarse.facts().footnote));
}

void TestFigureContent::failuresAreSeen()
{
    const QColor failure = themeOf(FigureTheme::Paper).failure;
    QVERIFY(countPixels(figureOf(duel(100'000)).image(), failure) > 100);
    test::SyntheticOptions sound;
    sound.failureRate = 0;
    QCOMPARE(countPixels(figureOf(test::makeSyntheticTrace(sound)).image(), failure), 0);
    // A short one among merged ones keeps its mark.
    std::vector<test::TaskAt> tasks;
    for (Nanos i = 0; i < 40; ++i) {
        tasks.push_back({600'000'000 + i * 300'000, 600'000'000 + i * 300'000 + 200'000,
                         i == 20 ? TaskState::Failed : TaskState::Done});
    }
    const Figure figure = figureOf(test::laneOf(tasks, 1'000'000'000), withParts("none"));
    QVERIFY(countPixels(figure.image(), failure) > 10);
}

void TestFigureContent::idleIsWhite()
{
    const SnapshotPtr lane = test::laneOf({{0, 300'000'000}}, 1'000'000'000);
    const Figure figure = figureOf(lane);
    const FigureScene& scene = figure.scene();
    const QImage image = figure.image();
    const double scale = image.width() / scene.width;
    const FigureRow& row = scene.rows[1];
    const QRect idle(static_cast<int>((scene.scale.left + scene.scale.width * 0.45) * scale),
                     static_cast<int>(row.top * scale), 60, static_cast<int>(row.height * scale));
    const int white = countPixels(image, Qt::white, idle);
    const int line = countPixels(image, scene.style.theme.grid, idle);
    QVERIFY(line >= idle.width()); // the light lane line
    QVERIFY(white + line == idle.width() * idle.height());
}

void TestFigureContent::altTextSaysWhatHowManyAndWhatCameOfIt()
{
    const QString text = figureOf(duel(2'000)).facts().altText;
    QVERIFY(text.contains(QStringLiteral("Timeline “Synthetic trace”")));
    QVERIFY(text.contains(QStringLiteral("Thread pool: 4 lanes, 2,000 tasks")));
    QVERIFY(text.contains(QStringLiteral("ended first")));
    const SnapshotPtr idle = test::laneOf({{0, 100'000'000}}, 1'000'000'000);
    FigureOptions all = cropped(idle, 0, 0.99);
    QVERIFY(figureOf(idle, all).facts().altText.contains(QStringLiteral("idle")));
    const SnapshotPtr bad = test::laneOf({{0, 900'000'000, TaskState::Failed}}, 1'000'000'000);
    QVERIFY(figureOf(bad).facts().altText.contains(QStringLiteral("One task did not end well")));
}

void TestFigureContent::captionNamesMarksAndOrigin()
{
    const Figure figure = figureOf(duel(2'000));
    const FigureFacts& facts = figure.facts();
    QVERIFY(facts.caption.contains(QStringLiteral("failed")));
    QVERIFY(facts.caption.contains(facts.provenance));
    for (const LegendEntry& entry : facts.legend.entries) {
        QVERIFY2(facts.caption.contains(entry.text), qPrintable(entry.text));
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigureContent)
#include "tst_figure_content.moc"
