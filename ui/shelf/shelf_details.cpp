// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shelf/shelf_details.h"

#include "ui/common/format.h"
#include "ui/common/run_option_text.h"
#include "ui/models/shelf_model.h"

#include <QEvent>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include <utility>

namespace poolscope {

namespace {

constexpr int kTypingMs = 800;
constexpr int kNotesLines = 4;

QString durationOf(const QJsonValue& value, Nanos unit)
{
    return formatDuration(static_cast<Nanos>(value.toDouble() * static_cast<double>(unit)));
}

QString row(const QString& name, const QString& value)
{
    return QStringLiteral(
               "<tr><td style='padding-right:12px; white-space:pre'>%1</td><td>%2</td></tr>")
        .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString table(const QString& rows)
{
    return QStringLiteral("<table cellspacing='0' cellpadding='1'>%1</table>").arg(rows);
}

QString figuresHtml(const ShelfEntry& entry)
{
    QString html;
    for (const auto& each : entry.figures) {
        const QJsonObject figures = each.toObject();
        const QJsonObject run = figures[QStringLiteral("run_ms")].toObject();
        const QJsonObject wait = figures[QStringLiteral("wait_ms")].toObject();
        const auto both = [](const QJsonObject& of) {
            return QStringLiteral("%1 · %2").arg(
                durationOf(of[QStringLiteral("p50")], kNanosPerMilli),
                durationOf(of[QStringLiteral("p95")], kNanosPerMilli));
        };
        const auto notDone = static_cast<quint64>(figures[QStringLiteral("not_done")].toInteger());
        const auto tasks = static_cast<quint64>(figures[QStringLiteral("tasks")].toInteger());
        QString rows = QStringLiteral("<tr><td colspan='2'><b>%1</b></td></tr>")
                           .arg(ShelfDetails::tr("%1, %2 workers")
                                    .arg(figures[QStringLiteral("executor")].toString())
                                    .arg(figures[QStringLiteral("workers")].toInt())
                                    .toHtmlEscaped());
        rows += row(ShelfDetails::tr("Makespan"),
                    durationOf(figures[QStringLiteral("makespan_s")], kNanosPerSecond));
        rows += row(ShelfDetails::tr("Throughput"),
                    formatRate(figures[QStringLiteral("tasks_per_s")].toDouble()));
        rows += row(ShelfDetails::tr("Run time p50 · p95"), both(run));
        rows += row(ShelfDetails::tr("Queue wait p50 · p95"), both(wait));
        rows += row(ShelfDetails::tr("Workers busy"),
                    formatShare(figures[QStringLiteral("utilisation")].toDouble()));
        rows += row(ShelfDetails::tr("Tasks"),
                    notDone == 0 ? ShelfDetails::tr("%1, all done").arg(formatCount(tasks))
                                 : ShelfDetails::tr("%1, %2 not done")
                                       .arg(formatCount(tasks), formatCount(notDone)));
        html += (html.isEmpty() ? QString() : QStringLiteral("<p style='margin:4px 0 0 0'></p>")) +
                table(rows);
    }
    return html;
}

QString valueText(const QJsonValue& value)
{
    return value.isString() ? value.toString() : QLocale().toString(value.toDouble(), 'g', 12);
}

QString settingsHtml(const ShelfEntry& entry)
{
    QString rows = row(ShelfDetails::tr("Workload"), entry.workload);
    const QJsonObject params = entry.settings[QStringLiteral("params")].toObject();
    for (auto param = params.begin(); param != params.end(); ++param) {
        rows += row(param.key(), valueText(param.value()));
    }
    rows += row(ShelfDetails::tr("Seed"), valueText(entry.settings[QStringLiteral("seed")]));
    rows += row(ShelfDetails::tr("Chunk"), valueText(entry.settings[QStringLiteral("chunk")]));
    const QJsonObject options = entry.settings[QStringLiteral("options")].toObject();
    for (auto option = options.begin(); option != options.end(); ++option) {
        rows += row(runOptionName(option.key()), valueText(option.value()));
    }
    rows +=
        row(ShelfDetails::tr("Poolscope"), entry.settings[QStringLiteral("version")].toString());
    return table(rows);
}

QString machineHtml(const ShelfEntry& entry)
{
    const auto text = [&entry](const char* name) {
        return entry.machine[QLatin1String(name)].toString();
    };
    QString rows = row(ShelfDetails::tr("Processor"), text("cpuModel"));
    rows += row(ShelfDetails::tr("Usable"), text("usableCpusReason"));
    rows += row(
        ShelfDetails::tr("Memory"),
        QLocale().formattedDataSize(entry.machine[QStringLiteral("memoryBytes")].toInteger(), 1));
    rows += row(ShelfDetails::tr("System"), text("operatingSystem"));
    rows += row(ShelfDetails::tr("Kernel"), text("kernel"));
    return table(rows);
}

QString factsText(const ShelfEntry& entry)
{
    const QString facts =
        ShelfDetails::tr("Run %1, started %2").arg(entry.id).arg(shelfTime(entry));
    return entry.hasDetail
               ? facts
               : facts + QLatin1Char('\n') +
                     ShelfDetails::tr("Its run file was let go to save room: the figures are left, "
                                      "but it can be neither opened nor compared.");
}

} // namespace

ShelfDetails::ShelfDetails(QWidget* parent)
    : QWidget(parent)
    , m_empty(new QLabel(this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(this))
    , m_title(addText(m_content))
    , m_facts(addText(m_content))
    , m_figures(addText(m_content))
    , m_tags(new QLineEdit(m_content))
    , m_notes(new QPlainTextEdit(m_content))
    , m_settings(addText(m_content))
    , m_machine(addText(m_content))
{
    setAccessibleName(tr("Details of the selected run"));
    m_timer.setSingleShot(true);
    m_timer.setInterval(kTypingMs);
    createContent();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setObjectName(QStringLiteral("dimLabel"));
    m_empty->setMargin(16);
    layout->addWidget(m_empty, 1);
    m_content->setObjectName(QStringLiteral("setupForm")); // as bright as the card that it is on
    m_scroll->setWidget(m_content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_scroll, 1);
    m_notes->installEventFilter(this);
    connect(m_notes, &QPlainTextEdit::textChanged, &m_timer, qOverload<>(&QTimer::start));
    connect(&m_timer, &QTimer::timeout, this, &ShelfDetails::flush);
    connect(m_tags, &QLineEdit::editingFinished, this, &ShelfDetails::tellTags);
    setEntry({});
}

QLabel* ShelfDetails::addText(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void ShelfDetails::createContent()
{
    const auto addSection = [this](QVBoxLayout* layout, const QString& title, QWidget* widget) {
        auto* label = new QLabel(title, m_content);
        label->setObjectName(QStringLiteral("sectionTitle"));
        label->setBuddy(widget);
        layout->addSpacing(6);
        layout->addWidget(label);
        layout->addWidget(widget);
    };
    m_title->setObjectName(QStringLiteral("sectionTitle"));
    m_facts->setObjectName(QStringLiteral("dimLabel"));
    m_tags->setPlaceholderText(tr("words, parted by blanks"));
    m_tags->setToolTip(tr("A run with tags keeps its run file for good"));
    m_tags->setAccessibleName(tr("Tags"));
    m_notes->setPlaceholderText(tr("What you want to remember of this run"));
    m_notes->setAccessibleName(tr("Notes"));
    m_notes->setTabChangesFocus(true);
    m_notes->setFixedHeight(kNotesLines * m_notes->fontMetrics().lineSpacing() + 14);
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addSpacing(4);
    layout->addWidget(m_figures);
    addSection(layout, tr("&Tags"), m_tags);
    addSection(layout, tr("&Notes"), m_notes);
    addSection(layout, tr("Settings"), m_settings);
    addSection(layout, tr("Machine"), m_machine);
    layout->addStretch(1);
}

void ShelfDetails::setEntry(const std::optional<ShelfEntry>& entry, const QString& text)
{
    flush();
    const bool isSame = entry && m_entry && entry->id == m_entry->id;
    m_entry = entry;
    m_scroll->setVisible(entry.has_value());
    m_empty->setVisible(!entry);
    m_empty->setText(text);
    if (!entry) {
        return;
    }
    m_title->setText(shelfTitle(*entry));
    m_facts->setText(factsText(*entry));
    m_figures->setText(figuresHtml(*entry));
    m_settings->setText(settingsHtml(*entry));
    m_machine->setText(machineHtml(*entry));
    if (!isSame || !m_tags->hasFocus()) {
        m_tags->setText(entry->tags.join(QLatin1Char(' ')));
    }
    if (!isSame || (!m_notes->hasFocus() && m_notes->toPlainText() != entry->notes)) {
        const QSignalBlocker blocker(m_notes);
        m_notes->setPlainText(entry->notes);
    }
    if (!isSame) {
        m_scroll->ensureVisible(0, 0);
    }
}

void ShelfDetails::setReadOnly(bool isReadOnly)
{
    m_tags->setReadOnly(isReadOnly);
    m_notes->setReadOnly(isReadOnly);
}

void ShelfDetails::flush()
{
    m_timer.stop();
    if (!m_entry) {
        return;
    }
    tellTags();
    if (m_notes->toPlainText() != m_entry->notes) {
        m_entry->notes = m_notes->toPlainText();
        emit notesTyped(m_entry->id, m_entry->notes);
    }
}

void ShelfDetails::tellTags()
{
    QStringList tags = m_tags->text().simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    tags.sort();
    tags.removeDuplicates();
    if (m_entry && tags != m_entry->tags) {
        m_entry->tags = tags;
        emit tagsTyped(m_entry->id, tags);
    }
}

bool ShelfDetails::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_notes && event->type() == QEvent::FocusOut) {
        flush();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace poolscope
