// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"
#include "ui/figure/figure.h"
#include "ui/figure/figure_facts.h"

#include <QBuffer>
#include <QFile>
#include <QHashFunctions>
#include <QMap>
#include <QPainter>
#include <QPicture>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <cmath>

using namespace poolscope;

namespace {

SnapshotPtr duel(std::uint64_t tasks)
{
    test::SyntheticOptions options;
    options.lanes = 4;
    options.executors = 2;
    options.tasks = tasks;
    options.failureRate = 0.01;
    return test::makeSyntheticTrace(options);
}

int countPixels(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            count += image.pixel(x, y) == color.rgb() ? 1 : 0;
        }
    }
    return count;
}

} // namespace

class TestFigure : public QObject
{
    Q_OBJECT

private slots:
    void twoColumnsAreAsWideAsJournalsAsk();
    void asksForTheHeightItNeeds();
    void sameRunGivesTheSamePicture_data();
    void sameRunGivesTheSamePicture();
    void carriesItsSizeAndOrigin();
    void failuresAreSeen();
    void legendHoldsWhatOccursOnly();
    void saysHowManyWereMerged();
    void rangeIsKept();
    void paintsOnAnyPainter();
    void drawingsAreTheSameBytesEachTime_data();
    void drawingsAreTheSameBytesEachTime();
    void svgSaysWhatItShows();
    void drawingOfManyTasksStaysSmall_data();
    void drawingOfManyTasksStaysSmall();
    void pdfHasThePageTheDateOfTheRunAndItsFonts();
    void captionNamesMarksAndOrigin();
    void unknownKindOfPictureIsRefused();
    void writesAFile();
    void keepsTheOldFileWhenItCannotWrite();
};

void TestFigure::twoColumnsAreAsWideAsJournalsAsk()
{
    FigureOptions options;
    QCOMPARE(renderFigure(*duel(500), options).width(), 2244);
    options.sizeMm = {90, 0};
    QCOMPARE(renderFigure(*duel(500), options).width(), 1063);
}

void TestFigure::asksForTheHeightItNeeds()
{
    FigureOptions options;
    const double few = figureSize(*test::makeSyntheticTrace(2, 500), options).height();
    const double many = figureSize(*test::makeSyntheticTrace(32, 500), options).height();
    QVERIFY(many > few + 100);
    options.sizeMm = {190, 100};
    QCOMPARE(renderFigure(*duel(500), options).height(), 1181);
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
    const auto bytes = [tasks] {
        QByteArray data;
        QBuffer buffer(&data);
        buffer.open(QIODevice::WriteOnly);
        renderFigure(*duel(static_cast<std::uint64_t>(tasks)), {}).save(&buffer, "PNG");
        return data;
    };
    const QByteArray first = bytes();
    QVERIFY(first.size() > 10'000);
    QVERIFY(first == bytes());
}

void TestFigure::carriesItsSizeAndOrigin()
{
    const SnapshotPtr trace = duel(500);
    const QImage image = renderFigure(*trace, {});
    QCOMPARE(image.dotsPerMeterX(), 11811);
    QCOMPARE(image.text(QStringLiteral("Run")), QString::fromStdString(trace->meta->runId));
    QCOMPARE(image.text(QStringLiteral("Date")), QStringLiteral("2023-11-14 22:13:20 UTC"));
    for (const char* key : {"Software", "Seed", "Workload", "Pools", "System", "CPU", "Cores",
                            "Clock", "Dropped", "Range"}) {
        QVERIFY2(!image.text(QString::fromLatin1(key)).isEmpty(), key);
    }
}

void TestFigure::failuresAreSeen()
{
    const FigureOptions options;
    QVERIFY(countPixels(renderFigure(*duel(100'000), options), options.theme.failure) > 100);
    test::SyntheticOptions sound;
    sound.failureRate = 0;
    QCOMPARE(
        countPixels(renderFigure(*test::makeSyntheticTrace(sound), options), options.theme.failure),
        0);
}

void TestFigure::legendHoldsWhatOccursOnly()
{
    test::SyntheticOptions options;
    options.tasks = 2'000;
    options.kinds = 3;
    options.failureRate = 0;
    const SnapshotPtr sound = test::makeSyntheticTrace(options);
    const TimeRange all{0, sound->nowNs};
    using Shape = LegendEntry::Shape;
    const auto has = [](const FigureFacts& facts, Shape shape) {
        return std::any_of(facts.legend.begin(), facts.legend.end(),
                           [shape](const LegendEntry& entry) { return entry.shape == shape; });
    };
    const FigureFacts facts = figureFacts(*sound, all, {}, 0);
    QVERIFY(has(facts, Shape::Kind));
    QVERIFY(!has(facts, Shape::Failed));
    QVERIFY(!has(facts, Shape::Cancelled));
    options.failureRate = 0.1;
    QVERIFY(has(figureFacts(*test::makeSyntheticTrace(options), all, {}, 0), Shape::Failed));
}

void TestFigure::saysHowManyWereMerged()
{
    const SnapshotPtr trace = duel(2'000);
    const TimeRange all{0, trace->nowNs};
    QCOMPARE(figureFacts(*trace, all, {}, 0).merged, std::uint64_t{0});
    QCOMPARE(figureFacts(*trace, all, {}, trace->nowNs).merged, trace->recordCount());
}

void TestFigure::rangeIsKept()
{
    const SnapshotPtr trace = duel(2'000);
    FigureOptions part;
    part.range = TimeRange{trace->nowNs / 4, trace->nowNs / 2};
    QVERIFY(renderFigure(*trace, part) != renderFigure(*trace, {}));
    QVERIFY(renderFigure(*trace, part).text(QStringLiteral("Range")) !=
            renderFigure(*trace, {}).text(QStringLiteral("Range")));
}

void TestFigure::paintsOnAnyPainter()
{
    // Without pixels to write to, lanes of many tasks become rectangles.
    const SnapshotPtr trace = duel(20'000);
    const FigureOptions options;
    QPicture picture;
    QPainter painter(&picture);
    paintFigure(painter, *trace, options, figureSize(*trace, options));
    painter.end();
    QImage image(600, 400, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter replay(&image);
    replay.drawPicture(0, 0, picture);
    replay.end();
    QVERIFY(countPixels(image, options.theme.failure) > 10);
    QVERIFY(countPixels(image, Qt::white) < 600 * 400 * 9 / 10);
}

void TestFigure::drawingsAreTheSameBytesEachTime_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("tasks");
    for (const char* name : {"a.svg", "a.pdf"}) {
        for (const int tasks : {400, 100'000}) {
            QTest::addRow("%s of %d", name, tasks) << QString::fromLatin1(name) << tasks;
        }
    }
}

void TestFigure::drawingsAreTheSameBytesEachTime()
{
    QFETCH(QString, name);
    QFETCH(int, tasks);
    const auto draw = [&] {
        return findFigureFormat(name)->render(*duel(static_cast<std::uint64_t>(tasks)), {}).value();
    };
    const QByteArray first = draw();
    QVERIFY(first.size() > 5'000);
    QHashSeed::resetRandomGlobalSeed(); // as in another process
    QVERIFY(first == draw());
}

void TestFigure::svgSaysWhatItShows()
{
    FigureOptions options;
    options.title = QStringLiteral("Readers & writers <two pools>");
    const QByteArray svg =
        findFigureFormat(QStringLiteral("a.svg"))->render(*duel(400), options).value();
    QXmlStreamReader reader(svg);
    QMap<QString, QString> texts;
    QMap<QString, QString> facts;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        const QString element = reader.name().toString();
        if (element == QLatin1String("svg")) {
            QCOMPARE(reader.attributes().value(QLatin1String("width")).toString(),
                     QStringLiteral("190mm"));
        } else if (element == QLatin1String("title") || element == QLatin1String("desc")) {
            texts[element] = reader.readElementText();
        } else if (element == QLatin1String("fact")) {
            const QString name = reader.attributes().value(QLatin1String("name")).toString();
            facts[name] = reader.readElementText();
        }
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(texts[QStringLiteral("title")], options.title);
    QVERIFY(texts[QStringLiteral("desc")].contains(QStringLiteral("400 tasks")));
    QCOMPARE(facts[QStringLiteral("Title")], options.title);
    QVERIFY(facts.contains(QStringLiteral("CPU")));
}

void TestFigure::drawingOfManyTasksStaysSmall_data()
{
    QTest::addColumn<int>("lanes");
    QTest::addColumn<int>("tasks");
    QTest::newRow("columns") << 4 << 200'000;
    QTest::newRow("bars on many lanes") << 64 << 12'000;
}

void TestFigure::drawingOfManyTasksStaysSmall()
{
    QFETCH(int, lanes);
    QFETCH(int, tasks);
    const SnapshotPtr trace = test::makeSyntheticTrace(lanes, static_cast<std::uint64_t>(tasks));
    const QByteArray svg = findFigureFormat(QStringLiteral("a.svg"))->render(*trace, {}).value();
    // The lanes are pixels inside the drawing, what is read stays text.
    QCOMPARE(svg.count("<image"), lanes);
    QVERIFY(svg.contains("<text"));
    QVERIFY2(svg.size() < 2'000'000, qPrintable(QString::number(svg.size())));
    const QByteArray pdf = findFigureFormat(QStringLiteral("a.pdf"))->render(*trace, {}).value();
    QVERIFY2(pdf.size() < 2'000'000, qPrintable(QString::number(pdf.size())));
    const QByteArray few =
        findFigureFormat(QStringLiteral("a.svg"))->render(*duel(200), {}).value();
    QCOMPARE(few.count("<image"), 0);
}

void TestFigure::pdfHasThePageTheDateOfTheRunAndItsFonts()
{
    FigureOptions options;
    options.sizeMm = {90, 60};
    const QByteArray pdf =
        findFigureFormat(QStringLiteral("a.pdf"))->render(*duel(400), options).value();
    QVERIFY(pdf.startsWith("%PDF-1."));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
    QVERIFY2(pdf.contains("/CreationDate (D:20231114221320"), pdf.mid(0, 400).constData());
    QVERIFY(pdf.contains("/FontFile2"));
    const QRegularExpressionMatch box =
        QRegularExpression(QStringLiteral(R"(/MediaBox \[[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)\])"))
            .match(QString::fromLatin1(pdf));
    QVERIFY(box.hasMatch());
    QVERIFY(std::abs(box.captured(1).toDouble() - 90 / 25.4 * 72) < 0.6);
    QVERIFY(std::abs(box.captured(2).toDouble() - 60 / 25.4 * 72) < 0.6);
}

void TestFigure::captionNamesMarksAndOrigin()
{
    const SnapshotPtr trace = duel(2'000);
    const FigureFacts facts = figureFacts(*trace, {0, trace->nowNs}, {}, 0);
    QVERIFY(facts.caption.contains(QStringLiteral("failed")));
    QVERIFY(facts.caption.contains(facts.provenance));
    QVERIFY(facts.altText.contains(QStringLiteral("tasks per second")));
}

void TestFigure::unknownKindOfPictureIsRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.gif"));
    const auto result = writeFigure(*duel(400), {}, path);
    QVERIFY(!result.isOk());
    QVERIFY(QString::fromStdString(result.error().message).contains(QStringLiteral(".svg")));
    QVERIFY(!QFile::exists(path));
}

void TestFigure::writesAFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("figure.png"));
    const SnapshotPtr trace = duel(500);
    QVERIFY(writeFigure(*trace, {}, path).isOk());
    const QImage read(path);
    QCOMPARE(read.width(), 2244);
    QCOMPARE(read.dotsPerMeterX(), 11811);
    QCOMPARE(read.text(QStringLiteral("Run")), QString::fromStdString(trace->meta->runId));
}

void TestFigure::keepsTheOldFileWhenItCannotWrite()
{
    const QTemporaryDir folder;
    const auto result =
        writeFigure(*duel(500), {}, folder.filePath(QStringLiteral("no/such/folder/a.png")));
    QVERIFY(!result.isOk());
    QVERIFY(!result.error().message.empty());
}

QTEST_MAIN(TestFigure)
#include "tst_figure.moc"
