// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"

#include <QDate>
#include <QRegularExpression>
#include <QTest>

#include <cmath>

namespace poolscope {

using test::asPaths;
using test::duel;
using test::factNames;
using test::figureOf;
using test::render;

/// Figures as PDF: page, date, fonts, text, facts.
class TestFigurePdf : public QObject
{
    Q_OBJECT

private slots:
    void pdfHasItsPageAndDate();
    void pdfEmbedsItsFonts();
    void pdfTextIsFound();
    void pdfLettersCanBeOutlines();
    void pdfIsReadByOthers();
};

void TestFigurePdf::pdfHasItsPageAndDate()
{
    FigureOptions options;
    options.widthMm = 90;
    options.heightMm = 160;
    const QByteArray pdf = render(figureOf(duel(400), options), "a.pdf");
    QVERIFY(pdf.startsWith("%PDF-1."));
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
    QVERIFY(pdf.contains("/CreationDate (D:20231114221320"));
    QVERIFY(!pdf.contains(QDate::currentDate().toString(QStringLiteral("(D:yyyyMMdd")).toLatin1()));
    const QRegularExpressionMatch box =
        QRegularExpression(QStringLiteral(R"(/MediaBox \[[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)\])"))
            .match(QString::fromLatin1(pdf));
    QVERIFY(box.hasMatch());
    QVERIFY(std::abs(box.captured(1).toDouble() - 90 / 25.4 * 72) < 0.6);
    QVERIFY(std::abs(box.captured(2).toDouble() - 160 / 25.4 * 72) < 0.6);
}

void TestFigurePdf::pdfEmbedsItsFonts()
{
    const QByteArray pdf = render(figureOf(duel(400)), "a.pdf");
    QVERIFY(pdf.contains("/FontFile2"));
    int status = -1;
    const QString said =
        test::toolOutput(QStringLiteral("pdffonts"), {QStringLiteral("%")}, pdf, status);
    if (said.isNull()) {
        QSKIP("pdffonts is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    const QStringList fonts = said.trimmed().split(u'\n').mid(2);
    QVERIFY(!fonts.isEmpty());
    for (const QString& font : fonts) { // name, type, encoding, emb, sub, uni, object, ID
        const QStringList fields = font.simplified().split(u' ');
        QCOMPARE(fields.value(fields.size() - 5), QStringLiteral("yes"));
    }
}

void TestFigurePdf::pdfTextIsFound()
{
    FigureOptions options;
    options.title = QStringLiteral("Readers and writers");
    int status = -1;
    const QString said =
        test::toolOutput(QStringLiteral("pdftotext"), {QStringLiteral("%"), QStringLiteral("-")},
                         render(figureOf(duel(400), options), "a.pdf"), status);
    if (said.isNull()) {
        QSKIP("pdftotext is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    QVERIFY2(said.contains(options.title), qPrintable(said));
    QVERIFY(said.contains(QStringLiteral("Time since start (ms)")));
}

void TestFigurePdf::pdfLettersCanBeOutlines()
{
    FigureOptions options = asPaths();
    options.title = QStringLiteral("Readers and writers");
    const QByteArray pdf = render(figureOf(duel(400), options), "a.pdf");
    QVERIFY(!pdf.contains("/FontFile"));
    int status = -1;
    const QString said = test::toolOutput(QStringLiteral("pdftotext"),
                                          {QStringLiteral("%"), QStringLiteral("-")}, pdf, status);
    QVERIFY(!said.contains(options.title));
}

void TestFigurePdf::pdfIsReadByOthers()
{
    const SnapshotPtr trace = duel(400);
    int status = -1;
    const QString said = test::toolOutput(QStringLiteral("pdfinfo"),
                                          {QStringLiteral("-custom"), QStringLiteral("%")},
                                          render(figureOf(trace), "a.pdf"), status);
    if (said.isNull()) {
        QSKIP("pdfinfo is not installed (poppler-utils)");
    }
    QCOMPARE(status, 0);
    QVERIFY2(!said.contains(QStringLiteral("Error")), qPrintable(said));
    QVERIFY2(said.contains(QString::fromStdString(trace->meta->runId)), qPrintable(said));
    for (const QString& key : factNames()) {
        QVERIFY2(said.contains(key + u':'), qPrintable(key));
    }
    const QString subject = test::toolOutput(QStringLiteral("pdfinfo"), {QStringLiteral("%")},
                                             render(figureOf(trace), "a.pdf"), status);
    QVERIFY2(subject.contains(QStringLiteral("400 tasks")), qPrintable(subject));
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigurePdf)
#include "tst_figure_pdf.moc"
