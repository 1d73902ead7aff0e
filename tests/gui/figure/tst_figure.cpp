// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/figure_size.h"
#include "ui/figure/figure_theme.h"

#include <QPainter>
#include <QPicture>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <vector>

namespace poolscope {

using test::countPixels;
using test::cropped;
using test::duel;
using test::figureOf;
using test::hasText;
using test::render;
using test::withParts;

/// What a figure shows, and where.
class TestFigure : public QObject
{
    Q_OBJECT

private slots:
    void isAsWideAsJournalsAsk();
    void asksForTheHeightItNeeds();
    void tooLowIsRefusedWithWhatIsNeeded();
    void lanesOfAnotherRunAreRefused();
    void textIsReadableAndDoesNotOverlap_data();
    void textIsReadableAndDoesNotOverlap();
    void largerFontMakesLargerText();
    void axisHasOneUnitAndFourToEightTicks_data();
    void axisHasOneUnitAndFourToEightTicks();
    void cropSaysWhereItBegins();
    void lanesAreNamedByProcessAndWorker();
    void executorsHaveBrackets();
    void chosenLanesOnly();
    void lanesAreInTheOrderThatIsAskedFor();
    void collapsedExecutorIsOneRow();
    void stripSharesTheAxisToThePixel();
    void stripSaysItsWindow();
    void partsCanBeLeftOut();
    void hereBarShowsTheCrop();
    void cutBarsHaveTeeth();
    void sameRunGivesTheSamePicture_data();
    void sameRunGivesTheSamePicture();
    void rangeIsKept();
    void paintsOnAnyPainter();
    void emptyRunsAndCropsAreFigures();
};

void TestFigure::isAsWideAsJournalsAsk()
{
    FigureOptions options;
    QCOMPARE(figureOf(duel(500), options).image().width(), 2244);
    options.widthMm = 90;
    QCOMPARE(figureOf(duel(500), options).image().width(), 1063);
    apply(*findFigurePreset(QStringLiteral("slide")), options);
    QCOMPARE(figureOf(duel(500), options).image().size(), QSize(1920, 1080));
}

void TestFigure::asksForTheHeightItNeeds()
{
    FigureOptions options;
    const double few = figureOf(test::makeSyntheticTrace(2, 500), options).sizePt().height();
    const double many = figureOf(test::makeSyntheticTrace(16, 500), options).sizePt().height();
    QVERIFY(many > few + 100);
    // Very many lanes get lower instead of making a figure that fits on no page.
    const QSizeF most = figureOf(test::makeSyntheticTrace(200, 2'000), options).sizePt();
    QVERIFY2(most.height() < 2 * most.width(), qPrintable(QString::number(most.height())));
    options.heightMm = 120;
    QCOMPARE(figureOf(duel(500), options).image().height(), 1417);
}

void TestFigure::tooLowIsRefusedWithWhatIsNeeded()
{
    FigureOptions options;
    options.heightMm = 45;
    const auto refused = Figure::make(*duel(500, 16), options);
    QVERIFY(!refused.isOk());
    const QString message = QString::fromStdString(refused.error().message);
    const int needed = message.section(QStringLiteral("at least "), 1).section(u' ', 0, 0).toInt();
    QVERIFY2(needed > 45, qPrintable(message));
    options.heightMm = needed;
    QVERIFY(Figure::make(*duel(500, 16), options).isOk());
    options.heightMm = needed - 2;
    QVERIFY(!Figure::make(*duel(500, 16), options).isOk());
}

void TestFigure::lanesOfAnotherRunAreRefused()
{
    FigureOptions options;
    options.lanes = parseLaneChoice(QStringLiteral("threads:77")).value();
    QVERIFY(!Figure::make(*duel(500), options).isOk());
}

void TestFigure::textIsReadableAndDoesNotOverlap_data()
{
    QTest::addColumn<int>("lanes");
    QTest::addColumn<int>("tasks");
    QTest::addColumn<QString>("preset");
    QTest::addColumn<double>("heightMm");
    QTest::addColumn<double>("until");
    for (const char* preset : {"column", "column_and_half", "two_columns", "slide", "poster"}) {
        QTest::addRow("%s of bars", preset)
            << 4 << 60 << QString::fromLatin1(preset) << -1.0 << 1.0;
        QTest::addRow("%s of columns", preset)
            << 4 << 50'000 << QString::fromLatin1(preset) << -1.0 << 0.37;
    }
    QTest::newRow("hundreds of lanes")
        << 200 << 2'000 << QStringLiteral("two_columns") << 0.0 << 1.0;
    QTest::newRow("hundreds on a page")
        << 80 << 2'000 << QStringLiteral("two_columns") << 250.0 << 1.0;
}

void TestFigure::textIsReadableAndDoesNotOverlap()
{
    QFETCH(int, lanes);
    QFETCH(int, tasks);
    QFETCH(QString, preset);
    QFETCH(double, heightMm);
    QFETCH(double, until);
    const SnapshotPtr trace = test::makeSyntheticTrace({.lanes = lanes,
                                                        .tasks = static_cast<std::uint64_t>(tasks),
                                                        .executors = 2,
                                                        .failureRate = 0.05,
                                                        .longRate = 0.05});
    // Flags of many resizes, up to the edge.
    auto eventful = std::make_shared<Snapshot>(*trace);
    std::vector<ControlEvent> events;
    for (int i = 1; i < 30; ++i) {
        events.push_back({std::llround(static_cast<double>(trace->nowNs) * until * i / 29.9),
                          ControlKind::Resize, i % 2, -1, 12, "8"});
    }
    eventful->controlEvents = std::make_shared<const std::vector<ControlEvent>>(events);
    FigureOptions options = cropped(trace, 0, until);
    options.title =
        QStringLiteral("A title that is a good deal longer than what fits into the width "
                       "of one column of a journal, and of two as well, I should think");
    options.parts.hasHere = true;
    apply(*findFigurePreset(preset), options);
    if (heightMm >= 0) {
        options.heightMm = heightMm;
    }
    const Figure figure = figureOf(eventful, options);
    const auto texts = test::textsOf(figure);
    QVERIFY(texts.size() > 20);
    const QRectF page(QPointF(0, 0), figure.sizePt());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const test::PaintedText& text = texts[i];
        QVERIFY2(text.size >= 6.999, qPrintable(text.text));
        QVERIFY2(page.contains(text.ink), qPrintable(text.text));
        for (std::size_t j = 0; j < i; ++j) {
            QVERIFY2(!text.ink.intersects(texts[j].ink),
                     qPrintable(text.text + QStringLiteral(" | ") + texts[j].text));
        }
    }
}

void TestFigure::largerFontMakesLargerText()
{
    FigureOptions options;
    options.fontPt = 12;
    const auto texts = test::textsOf(figureOf(duel(100), options));
    QVERIFY(std::ranges::all_of(texts, [](const auto& text) { return text.size > 10.4; }));
    QVERIFY(std::ranges::any_of(texts,
                                [](const auto& text) { return std::abs(text.size - 12) < 0.01; }));
}

void TestFigure::axisHasOneUnitAndFourToEightTicks_data()
{
    QTest::addColumn<double>("widthMm");
    QTest::addColumn<double>("part");
    for (const double widthMm : {90.0, 140.0, 190.0}) {
        for (const double part : {1.0, 0.61, 0.33, 0.11, 0.023}) {
            QTest::addRow("%.0f mm, %.3f", widthMm, part) << widthMm << part;
        }
    }
}

void TestFigure::axisHasOneUnitAndFourToEightTicks()
{
    QFETCH(double, widthMm);
    QFETCH(double, part);
    const SnapshotPtr trace = duel(5'000);
    FigureOptions options = cropped(trace, 0.2, 0.2 + 0.8 * part);
    options.widthMm = widthMm;
    const Figure figure = figureOf(trace, options);
    const TimeAxis& axis = figure.scene().axis;
    QVERIFY2(axis.majors.size() >= 4 && axis.majors.size() <= 8,
             qPrintable(QString::number(axis.majors.size())));
    Nanos step = axis.stepNs;
    while (step % 10 == 0) {
        step /= 10;
    }
    QVERIFY(step == 1 || step == 2 || step == 5 || step == 25); // 2.5 where 5 leaves too few
    QVERIFY(hasText(figure, QStringLiteral("Time since start")));
    QVERIFY(hasText(figure, u'(' + unitText(axis) + u')'));
}

void TestFigure::cropSaysWhereItBegins()
{
    const SnapshotPtr trace = duel(5'000);
    QVERIFY(!hasText(figureOf(trace), QStringLiteral("from")));
    QVERIFY(hasText(figureOf(trace, cropped(trace, 0.25, 0.5)), QStringLiteral(", from ")));
}

void TestFigure::lanesAreNamedByProcessAndWorker()
{
    const Figure wide = figureOf(duel(200));
    QVERIFY(hasText(wide, QStringLiteral("Process 1003 / worker 3")));
    QVERIFY(hasText(wide, QStringLiteral("Thread 1000 / worker 0")));
    FigureOptions narrow;
    narrow.widthMm = 90;
    QVERIFY(hasText(figureOf(duel(200), narrow), QStringLiteral("Worker 3")));
}

void TestFigure::executorsHaveBrackets()
{
    for (const int dpi : {96, 300, 600}) { // coarse pixels must not swallow thin lines
        FigureOptions options;
        options.dpi = dpi;
        const Figure figure = figureOf(duel(200), options);
        const QImage image = figure.image();
        const double scale = image.width() / figure.scene().width;
        const QColor& color = figure.scene().style.theme.dimText;
        for (const FigureRow& row : figure.scene().rows) {
            if (row.isGroup()) {
                continue;
            }
            const QRect beside(static_cast<int>(FigureScene::kMargin * scale),
                               static_cast<int>(row.top * scale) + 1,
                               static_cast<int>(std::ceil(2 * scale)),
                               static_cast<int>(row.height * scale) - 2);
            QVERIFY2(countPixels(image, color, beside) >= beside.height(),
                     qPrintable(QString::number(dpi)));
        }
    }
}

void TestFigure::chosenLanesOnly()
{
    FigureOptions options;
    options.lanes = parseLaneChoice(QStringLiteral("threads:1-2,processes:3")).value();
    const Figure figure = figureOf(duel(200), options);
    QCOMPARE(figure.scene().snapshot.lanes.size(), std::size_t{3});
    QVERIFY(hasText(figure, QStringLiteral("2 of 4 workers shown")));
    QVERIFY(!hasText(figure, QStringLiteral("worker 0")));
    // What is counted is what is shown.
    std::uint64_t records = 0;
    for (const LaneView& lane : figure.scene().snapshot.lanes) {
        records += lane.recordCount;
    }
    QCOMPARE(figure.barsCsv().count('\n'), static_cast<qsizetype>(records) + 1);
    options.lanes = parseLaneChoice(QStringLiteral("processes")).value();
    QVERIFY(!hasText(figureOf(duel(200), options), QStringLiteral("Thread 1000")));
}

void TestFigure::lanesAreInTheOrderThatIsAskedFor()
{
    const SnapshotPtr trace = duel(2'000, 6);
    FigureOptions options;
    options.order = LaneOrder::BusyShare;
    const Figure figure = figureOf(trace, options);
    const Figure byNumber = figureOf(trace);
    const auto workersOf = [](const Figure& shown) {
        std::vector<int> workers;
        for (const FigureRow& row : shown.scene().rows) {
            if (!row.isGroup() && row.executor == 0) {
                const auto lane = static_cast<std::size_t>(row.lane);
                workers.push_back(shown.scene().snapshot.lanes[lane].info().index);
            }
        }
        return workers;
    };
    std::vector<int> expected;
    for (const int lane : orderedLanes(*trace, LaneOrder::BusyShare)) {
        const LaneView& view = trace->lanes[static_cast<std::size_t>(lane)];
        if (view.isWorkerOf(0)) {
            expected.push_back(view.info().index);
        }
    }
    QVERIFY(workersOf(figure) == expected);
    QVERIFY2(workersOf(byNumber) != expected, "the order must make a difference");
    QVERIFY(figure.image() != byNumber.image());
    QCOMPARE(figure.facts().numbers.front().values, byNumber.facts().numbers.front().values);
}

void TestFigure::collapsedExecutorIsOneRow()
{
    const SnapshotPtr trace = duel(2'000, 6);
    const Figure whole = figureOf(trace);
    FigureOptions options;
    options.collapsed = {"threads"};
    const Figure figure = figureOf(trace, options);
    const FigureScene& scene = figure.scene();
    QVERIFY(figure.sizePt().height() < whole.sizePt().height() - 40);
    QCOMPARE(scene.rows.size(), whole.scene().rows.size() - 5);
    const FigureRow& row = scene.rows[1];
    QVERIFY(row.isSummary && !row.isGroup() && row.executor == 0);
    QVERIFY(hasText(figure, QStringLiteral("All 6 workers")));
    QVERIFY(hasText(figure, QStringLiteral("share of them that was busy")));
    QVERIFY(!hasText(figure, QStringLiteral("Thread 1000")));
    QVERIFY(hasText(figure, QStringLiteral("worker 0"))); // of the processes
    // The row has a picture, the numbers are those of all.
    const QImage image = figure.image();
    const double scale = image.width() / scene.width;
    const QRect rect(static_cast<int>(scene.scale.left * scale), static_cast<int>(row.top * scale),
                     static_cast<int>(scene.scale.width * scale),
                     static_cast<int>(row.height * scale));
    QVERIFY(countPixels(image, scene.style.theme.window, rect) <
            rect.width() * rect.height() * 9 / 10);
    QCOMPARE(figure.facts().numbers.front().values, whole.facts().numbers.front().values);
    QVERIFY(render(figure, "a.svg").size() < render(whole, "a.svg").size());
    QVERIFY(!render(figure, "a.pdf").isEmpty());
    options.collapsed = {"threads", "commands"};
    const auto refused = Figure::make(*trace, options);
    QVERIFY(!refused);
    QVERIFY(QString::fromStdString(refused.error().message).contains(QStringLiteral("commands")));
}

void TestFigure::stripSharesTheAxisToThePixel()
{
    const Figure figure = figureOf(duel(5'000));
    const FigureScene& scene = figure.scene();
    const QImage image = figure.image();
    const double scale = image.width() / scene.width;
    const auto yOf = [scale](double y) { return static_cast<int>(std::lround(y * scale)); };
    const int below = yOf(scene.axisTop + 2); // the ticks below the axis
    const int above = yOf(scene.stripTop + 1) + 1; // the grid of the strip
    QVERIFY(scene.axis.majors.size() >= 4);
    for (const Nanos tick : scene.axis.majors) {
        const int x = static_cast<int>(std::lround(toX(scene.scale, tick) * scale));
        const QRect tickRect(x - 2, below, 5, 1);
        const QRect gridRect(x - 2, above, 5, 1);
        QVERIFY(countPixels(image, scene.style.theme.text, tickRect) > 0);
        QVERIFY(countPixels(image, scene.style.theme.grid, gridRect) > 0);
    }
}

void TestFigure::stripSaysItsWindow()
{
    const Figure figure = figureOf(duel(5'000));
    QVERIFY(hasText(figure, QStringLiteral("Tasks/s (window ")));
    const FigureScene& scene = figure.scene();
    double ended = 0;
    for (const double rate : scene.rates.front()) {
        ended += rate * static_cast<double>(scene.stripBins.widthNs) / 1e9;
    }
    QVERIFY2(std::abs(ended - 5'000) < 100, qPrintable(QString::number(ended)));
    QVERIFY(!hasText(figureOf(duel(500), withParts("legend")), QStringLiteral("Tasks/s")));
}

void TestFigure::partsCanBeLeftOut()
{
    const SnapshotPtr trace = duel(500);
    const double all = figureOf(trace).sizePt().height();
    const double none = figureOf(trace, withParts("none")).sizePt().height();
    QVERIFY(none < all - 60);
    const Figure bare = figureOf(trace, withParts("none"));
    QVERIFY(!hasText(bare, QStringLiteral("Poolscope"))); // then it is in the file only
    QVERIFY(!bare.facts().metadata.empty());
    QVERIFY(hasText(figureOf(trace), QStringLiteral("Poolscope")));
}

void TestFigure::hereBarShowsTheCrop()
{
    const SnapshotPtr trace = duel(500);
    FigureOptions options = cropped(trace, 0.5, 0.75);
    QVERIFY(!hasText(figureOf(trace, options), QStringLiteral("of the run")));
    options.parts.hasHere = true;
    const Figure figure = figureOf(trace, options);
    QVERIFY(hasText(figure, QStringLiteral("25 % of the run")));
    const QImage image = figure.image();
    const FigureScene& scene = figure.scene();
    const double scale = image.width() / scene.width;
    const int y = static_cast<int>((scene.hereTop + FigureScene::kLine / 2 + 1) * scale);
    const auto at = [&](double part) {
        const double x = scene.scale.left + part * scene.scale.width;
        return QColor(image.pixel(static_cast<int>(x * scale), y));
    };
    QCOMPARE(at(0.6), scene.style.theme.accent);
    QCOMPARE(at(0.3), scene.style.theme.window);
    QCOMPARE(at(0.9), scene.style.theme.window);
}

void TestFigure::cutBarsHaveTeeth()
{
    const SnapshotPtr lane = test::laneOf({{0, 1'000'000'000}}, 1'000'000'000);
    const auto edges = [&](double from, double to) {
        const Figure figure = figureOf(lane, cropped(lane, from, to));
        const FigureScene& scene = figure.scene();
        const QImage image = figure.image();
        const double scale = image.width() / scene.width;
        const FigureRow& row = scene.rows[1];
        const QColor fill = scene.style.kinds[0].fill;
        const auto column = [&](double x) {
            return countPixels(image, fill,
                               QRect(static_cast<int>(x * scale), static_cast<int>(row.top * scale),
                                     1, static_cast<int>(row.height * scale)));
        };
        const int whole = column(scene.scale.left + scene.scale.width / 3);
        return std::pair(column(scene.scale.left + 1) < whole * 9 / 10,
                         column(scene.plotRight() - 1.5) < whole * 9 / 10);
    };
    QCOMPARE(edges(0.2, 0.7), std::pair(true, true));
    QCOMPARE(edges(0, 0.7), std::pair(false, true));
}

void TestFigure::sameRunGivesTheSamePicture_data()
{
    QTest::addColumn<int>("tasks");
    QTest::newRow("bars") << 400;
    QTest::newRow("columns") << 100'000;
}

void TestFigure::sameRunGivesTheSamePicture()
{
    QFETCH(int, tasks);
    const auto draw = [tasks] {
        return test::render(figureOf(duel(static_cast<std::uint64_t>(tasks))), "a.png");
    };
    const QByteArray first = draw();
    QVERIFY(first.size() > 10'000);
    QVERIFY(first == draw());
}

void TestFigure::rangeIsKept()
{
    const SnapshotPtr trace = duel(2'000);
    const Figure part = figureOf(trace, cropped(trace, 0.25, 0.5));
    const Figure whole = figureOf(trace);
    QVERIFY(part.image() != whole.image());
    QVERIFY(part.image().text(QStringLiteral("Range")) !=
            whole.image().text(QStringLiteral("Range")));
}

void TestFigure::paintsOnAnyPainter()
{
    // Nothing of a window is needed or asked: the same code paints into a recording.
    const Figure figure = figureOf(duel(20'000));
    QPicture picture;
    QPainter painter(&picture);
    figure.paint(painter);
    painter.end();
    QImage image(figure.sizePt().toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter replay(&image);
    replay.drawPicture(0, 0, picture);
    replay.end();
    QVERIFY(countPixels(image, figure.scene().style.theme.failure) > 10);
    QVERIFY(countPixels(image, Qt::white) < image.width() * image.height() * 9 / 10);
}

void TestFigure::emptyRunsAndCropsAreFigures()
{
    const SnapshotPtr nothing = test::laneOf({}, 1'000);
    QVERIFY(!figureOf(nothing).image().isNull());
    QVERIFY(figureOf(nothing).facts().altText.contains(QStringLiteral("No task ended")));
    const SnapshotPtr lane = test::laneOf({{0, 100}}, 1'000);
    FigureOptions after;
    after.range = TimeRange{5'000, 6'000}; // after the run's end
    QVERIFY(!figureOf(lane, after).image().isNull());
    auto noLanes = std::make_shared<Snapshot>(*lane);
    noLanes->lanes.clear();
    noLanes->nowNs = 0;
    QVERIFY(!figureOf(noLanes).image().isNull());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigure)
#include "tst_figure.moc"
