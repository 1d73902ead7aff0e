// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/query_edit.h"

#include <array>
#include <utility>

namespace poolscope {

QueryEdit::QueryEdit(QWidget* parent)
    : QLineEdit(parent)
{
    setClearButtonEnabled(true);
    setToolTip(syntaxHelp());
    connect(this, &QLineEdit::textChanged, this, &QueryEdit::onTextChanged);
}

void QueryEdit::onTextChanged(const QString& text)
{
    m_query.reset();
    m_problem.clear();
    Result<TaskQuery> query = parseTaskQuery(text.toStdString());
    if (!query) {
        m_problem = QString::fromStdString(query.error().message);
    } else if (!query.value().isEmpty()) {
        m_query = std::move(query).value();
    }
    emit queryChanged();
}

QString QueryEdit::syntaxHelp()
{
    const auto rows = std::to_array<std::pair<QString, QString>>({
        {tr("dog png"), tr("both words, in the task's name, kind, parameters or error")},
        {tr("\"two words\""), tr("with blanks, digits alone, or : < = >")},
        {QStringLiteral("123"), tr("the task with that id, as id:123")},
        {QStringLiteral("state:failed,lost"), tr("also done, cancelled, timed_out")},
        {QStringLiteral("> 10 ms"), tr("the run time, as run > 10 ms; ns, us, ms, s, min, h")},
        {QStringLiteral("wait >= 2 s"), tr("time in the queue; < <= = >= >")},
        {QStringLiteral("cpu < 1 ms"), tr("time on a processor, where it was measured")},
        {QStringLiteral("executor:threads worker:3"), tr("where it ran; kind:large of what kind")},
    });
    QString html = QStringLiteral("<table cellspacing='0'>");
    for (const auto& [what, meaning] : rows) {
        html +=
            QStringLiteral("<tr><td style='padding-right: 16px; white-space: pre'><b>%1</b></td>"
                           "<td style='white-space: pre'>%2</td></tr>")
                .arg(what.toHtmlEscaped(), meaning.toHtmlEscaped());
    }
    return html + QStringLiteral("</table>");
}

} // namespace poolscope
