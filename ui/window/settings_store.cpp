// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/settings_store.h"

#include "core/control/catalogue_view.h"
#include "ui/figure/figure_view.h"

#include <QDir>
#include <QStandardPaths>

#include <algorithm>

namespace poolscope {

namespace {

/// Raise it when the splitters hold other things: an old layout is then left out.
constexpr int kLayoutVersion = 2;

QString paramKey(const std::string& workload, const std::string& id)
{
    return QStringLiteral("params/%1/%2")
        .arg(QString::fromStdString(workload), QString::fromStdString(id));
}

QString workersKey(const QString& kind)
{
    return QStringLiteral("run/workers_%1").arg(kind);
}

} // namespace

SettingsStore::SettingsStore()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
                 QStringLiteral("Poolscope"))
{}

std::optional<RunSettings> SettingsStore::run() const
{
    const QString workload = m_settings.value(QStringLiteral("run/workload")).toString();
    if (workload.isEmpty()) {
        return std::nullopt;
    }
    RunSettings settings;
    settings.workload = workload.toStdString();
    settings.seed = m_settings.value(QStringLiteral("run/seed"), 1).toULongLong();
    settings.chunk =
        std::clamp(m_settings.value(QStringLiteral("run/chunk"), 1).toInt(), 1, maxChunk());
    settings.maxAttempts = std::max(1, m_settings.value(QStringLiteral("run/attempts"), 3).toInt());
    settings.costLevel =
        costLevelOf(m_settings.value(QStringLiteral("run/costs")).toString().toStdString())
            .value_or(CostLevel::Wall);
    if (const auto cap = parseMemoryCap(
            m_settings.value(QStringLiteral("run/memory_cap")).toString().toStdString())) {
        settings.memoryCap = cap.value();
    }
    for (const ExecutorChoice& choice : executorChoices()) {
        const int workers = m_settings.value(workersKey(choice.id), 0).toInt();
        if (workers > 0) {
            settings.executors.push_back(
                {choice.id.toStdString(), std::min(workers, maxWorkers())});
        }
    }
    return settings;
}

void SettingsStore::setRun(const RunSettings& settings)
{
    m_settings.setValue(QStringLiteral("run/workload"), QString::fromStdString(settings.workload));
    m_settings.setValue(QStringLiteral("run/seed"), QVariant::fromValue(quint64{settings.seed}));
    m_settings.setValue(QStringLiteral("run/chunk"), settings.chunk);
    m_settings.setValue(QStringLiteral("run/attempts"), settings.maxAttempts);
    m_settings.setValue(QStringLiteral("run/costs"), QString::fromUtf8(toText(settings.costLevel)));
    m_settings.setValue(QStringLiteral("run/memory_cap"),
                        QString::fromStdString(toText(settings.memoryCap)));
    for (const ExecutorChoice& choice : executorChoices()) {
        m_settings.remove(workersKey(choice.id));
    }
    for (const ExecutorSettings& executor : settings.executors) {
        m_settings.setValue(workersKey(QString::fromStdString(executor.kind)), executor.workers);
    }
}

SetupPanel::ParamMemory SettingsStore::paramMemory() const
{
    SetupPanel::ParamMemory memory;
    for (const Workload* workload : workloadChoices()) {
        for (const ParamSpec& spec : workload->params) {
            const QVariant text = m_settings.value(paramKey(workload->id, spec.id));
            if (!text.isValid()) {
                continue;
            }
            if (auto value = parseParam(spec, text.toString().toStdString())) {
                memory[workload->id].set(spec.id, std::move(value).value());
            }
        }
    }
    return memory;
}

void SettingsStore::setParamMemory(const SetupPanel::ParamMemory& memory)
{
    for (const auto& [workload, params] : memory) {
        for (const auto& [id, value] : params.values()) {
            m_settings.setValue(paramKey(workload, id), QString::fromStdString(toText(value)));
        }
    }
}

std::optional<WindowLayout> SettingsStore::layout() const
{
    if (m_settings.value(QStringLiteral("window/version")).toInt() != kLayoutVersion) {
        return std::nullopt;
    }
    WindowLayout layout;
    layout.geometry = m_settings.value(QStringLiteral("window/geometry")).toByteArray();
    layout.columns = m_settings.value(QStringLiteral("window/columns")).toByteArray();
    layout.rows = m_settings.value(QStringLiteral("window/rows")).toByteArray();
    layout.isSetupShown = m_settings.value(QStringLiteral("window/setup"), true).toBool();
    layout.areGraphsShown = m_settings.value(QStringLiteral("window/graphs"), true).toBool();
    layout.isLowerPanelShown = m_settings.value(QStringLiteral("window/lower"), true).toBool();
    layout.tab = m_settings.value(QStringLiteral("window/tab")).toInt();
    layout.graphs = m_settings.value(QStringLiteral("window/graphsPage")).toInt();
    return layout;
}

void SettingsStore::setLayout(const WindowLayout& layout)
{
    m_settings.setValue(QStringLiteral("window/version"), kLayoutVersion);
    m_settings.setValue(QStringLiteral("window/geometry"), layout.geometry);
    m_settings.setValue(QStringLiteral("window/columns"), layout.columns);
    m_settings.setValue(QStringLiteral("window/rows"), layout.rows);
    m_settings.setValue(QStringLiteral("window/setup"), layout.isSetupShown);
    m_settings.setValue(QStringLiteral("window/graphs"), layout.areGraphsShown);
    m_settings.setValue(QStringLiteral("window/lower"), layout.isLowerPanelShown);
    m_settings.setValue(QStringLiteral("window/tab"), layout.tab);
    m_settings.setValue(QStringLiteral("window/graphsPage"), layout.graphs);
}

QStringList SettingsStore::functionFiles() const
{
    return m_settings.value(QStringLiteral("functions/files")).toStringList();
}

void SettingsStore::setFunctionFiles(const QStringList& files)
{
    m_settings.setValue(QStringLiteral("functions/files"), files);
}

double SettingsStore::scale() const
{
    return std::clamp(m_settings.value(QStringLiteral("window/scale"), 1.0).toDouble(), 1.0, 2.5);
}

void SettingsStore::setScale(double scale)
{
    m_settings.setValue(QStringLiteral("window/scale"), scale);
}

bool SettingsStore::isSmooth() const
{
    return m_settings.value(QStringLiteral("window/smooth"), true).toBool();
}

void SettingsStore::setSmooth(bool isSmooth)
{
    m_settings.setValue(QStringLiteral("window/smooth"), isSmooth);
}

FigureOptions SettingsStore::figureLook() const
{
    const QByteArray json = m_settings.value(QStringLiteral("figure/look")).toString().toUtf8();
    const auto options = fromViewJson(json);
    return options ? options.value() : FigureOptions{};
}

void SettingsStore::setFigureLook(const FigureOptions& options)
{
    FigureOptions look = options;
    look.range.reset();
    look.lanes = {};
    look.collapsed.clear();
    look.order = LaneOrder::Number;
    look.colorBy = ColorMode::Kind;
    look.title.clear();
    look.panel.clear();
    m_settings.setValue(QStringLiteral("figure/look"), QString::fromUtf8(toViewJson(look)));
}

QString SettingsStore::gate() const
{
    return m_settings.value(QStringLiteral("gate/conditions")).toString();
}

void SettingsStore::setGate(const QString& lines)
{
    m_settings.setValue(QStringLiteral("gate/conditions"), lines);
}

bool SettingsStore::keepsRuns() const
{
    return m_settings.value(QStringLiteral("shelf/keep"), true).toBool();
}

void SettingsStore::setKeepsRuns(bool keepsRuns)
{
    m_settings.setValue(QStringLiteral("shelf/keep"), keepsRuns);
}

ThemeChoice SettingsStore::theme() const
{
    const QString word = m_settings.value(QStringLiteral("window/theme")).toString();
    if (word == QLatin1String("light")) {
        return ThemeChoice::Light;
    }
    return word == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::Auto;
}

void SettingsStore::setTheme(ThemeChoice choice)
{
    QString word = QStringLiteral("auto");
    if (choice != ThemeChoice::Auto) {
        word = choice == ThemeChoice::Light ? QStringLiteral("light") : QStringLiteral("dark");
    }
    m_settings.setValue(QStringLiteral("window/theme"), word);
}

QString SettingsStore::lastFolder() const
{
    QString folder = m_settings.value(QStringLiteral("files/folder")).toString();
    if (!folder.isEmpty() && QDir(folder).exists()) {
        return folder;
    }
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

void SettingsStore::setLastFolder(const QString& folder)
{
    m_settings.setValue(QStringLiteral("files/folder"), folder);
}

} // namespace poolscope
