// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figure/pdf_info.h"

#include <QRegularExpression>

namespace poolscope {

namespace {

/// Any text, as a PDF holds it: UTF-16 in hexadecimal.
QByteArray textString(const QString& text)
{
    QByteArray bytes("\xfe\xff", 2);
    for (const QChar c : text) {
        bytes += static_cast<char>(c.unicode() >> 8U);
        bytes += static_cast<char>(c.unicode() & 0xffU);
    }
    return '<' + bytes.toHex() + '>';
}

QByteArray dateString(const QDateTime& date)
{
    return "(D:" + date.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1() + "Z)";
}

/// Names of a PDF have letters and digits only, here.
QByteArray name(const QString& key)
{
    QByteArray text("/");
    for (const char c : key.toLatin1()) {
        const bool isPlain =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        text += isPlain ? c : '_';
    }
    return text;
}

/// Puts the run's date in place of the time of writing, and its id in place of a random one, each as
/// long as what was there: a PDF addresses its parts by their offset.
void makeReproducible(QByteArray& pdf, const PdfInfo& info)
{
    const QByteArray id = info.id.leftJustified(32, '0', true).toLower();
    const QByteArray uuid = id.left(8) + '-' + id.mid(8, 4) + '-' + id.mid(12, 4) + '-' +
                            id.mid(16, 4) + '-' + id.mid(20, 12);
    // Latin-1 keeps one character a byte, whatever the bytes are.
    const QString whole = QString::fromLatin1(pdf);
    const auto replaceAll = [&](const char* pattern, const QByteArray& text) {
        const QRegularExpression expression(QString::fromLatin1(pattern));
        for (auto found = expression.globalMatch(whole); found.hasNext();) {
            const QRegularExpressionMatch match = found.next();
            const qsizetype length = match.capturedLength(1);
            pdf.replace(match.capturedStart(1), length, text.leftJustified(length, ' ', true));
        }
    };
    replaceAll(R"(/CreationDate\s*\(D:(\d{14}))",
               info.date.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1());
    replaceAll(R"(/CreationDate\s*\(D:\d{14}([-+]\d\d'\d\d))", "+00'00");
    replaceAll(R"(<xmp:\w*Date>([^<]*)</xmp:\w*Date>)",
               info.date.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss")).toLatin1() + "+00:00");
    replaceAll(R"(uuid:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}))", uuid);
}

} // namespace

bool setPdfInfo(QByteArray& pdf, const PdfInfo& info)
{
    makeReproducible(pdf, info);
    const qsizetype trailerAt = pdf.lastIndexOf("trailer");
    if (trailerAt < 0) {
        return false;
    }
    const QString trailer = QString::fromLatin1(pdf.mid(trailerAt));
    const auto find = [&trailer](const char* pattern) {
        return QRegularExpression(QString::fromLatin1(pattern))
            .match(trailer)
            .captured(1)
            .toLatin1();
    };
    const QByteArray size = find(R"(/Size (\d+))");
    const QByteArray root = find(R"(/Root (\d+ \d+ R))");
    const QByteArray start = find(R"(startxref\s+(\d+))");
    if (size.isEmpty() || root.isEmpty() || start.isEmpty()) {
        return false;
    }
    // An update as the format has it for changes: one more object, and a table that names it.
    const qsizetype objectAt = pdf.size();
    pdf += size + " 0 obj\n<<\n";
    for (const auto& [key, text] : info.facts) {
        pdf += name(key) + ' ' + textString(text) + '\n';
    }
    pdf += "/CreationDate " + dateString(info.date) + "\n>>\nendobj\n";
    const qsizetype tableAt = pdf.size();
    pdf += "xref\n" + size + " 1\n" + QByteArray::number(objectAt).rightJustified(10, '0') +
           " 00000 n \ntrailer\n<<\n/Size " + QByteArray::number(size.toInt() + 1) + "\n/Root " +
           root + "\n/Info " + size + " 0 R\n/ID [<" + info.id + "> <" + info.id + ">]\n/Prev " +
           start + "\n>>\nstartxref\n" + QByteArray::number(tableAt) + "\n%%EOF\n";
    return true;
}

} // namespace poolscope
