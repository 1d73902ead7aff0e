// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/run/run_settings.h"
#include "ui/common/theme.h"
#include "ui/figure/figure_options.h"
#include "ui/panels/setup_panel.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <optional>

namespace poolscope {

/// How the window was left. What cannot be restored is empty.
struct WindowLayout
{
    QByteArray geometry;
    QByteArray columns; ///< setup beside the rest
    QByteArray rows; ///< timeline, graphs, lower panel
    bool isSetupShown = true;
    bool areGraphsShown = true;
    bool isLowerPanelShown = true;
    int tab = 0; ///< of the lower panel
    int graphs = 0; ///< page of the graphs
};

/// What is kept from one start to the next, in the user's configuration folder. Values that do not
/// make sense (any more) are left out when read. GUI thread.
class SettingsStore
{
public:
    SettingsStore();

    /// \return what was run last, or nothing on the first start. Parameters are in paramMemory().
    [[nodiscard]] std::optional<RunSettings> run() const;
    void setRun(const RunSettings& settings);
    [[nodiscard]] SetupPanel::ParamMemory paramMemory() const;
    void setParamMemory(const SetupPanel::ParamMemory& memory);

    /// \return nothing when there is none, or one of a window that was built differently.
    [[nodiscard]] std::optional<WindowLayout> layout() const;
    void setLayout(const WindowLayout& layout);

    /// \return the libraries of functions that were added in the window.
    [[nodiscard]] QStringList functionFiles() const;
    void setFunctionFiles(const QStringList& files);

    /// \return how many times as large as usual everything is, 1 to 2.5.
    [[nodiscard]] double scale() const;
    void setScale(double scale);
    /// \return whether the timeline moves in some frames instead of at once.
    [[nodiscard]] bool isSmooth() const;
    void setSmooth(bool isSmooth);
    /// \return how figures were last wanted: size, content and look, but neither crop nor title.
    [[nodiscard]] FigureOptions figureLook() const;
    void setFigureLook(const FigureOptions& options);

    /// \return whether runs are kept on the shelf when they end.
    /// What every run is held against, a condition a line.
    [[nodiscard]] QString gate() const;
    void setGate(const QString& lines);
    [[nodiscard]] bool keepsRuns() const;
    void setKeepsRuns(bool keepsRuns);

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    /// \return where files were last written or read, or the user's documents.
    [[nodiscard]] QString lastFolder() const;
    void setLastFolder(const QString& folder);

private:
    // Reading groups changes the object, not what it holds.
    mutable QSettings m_settings;
};

} // namespace poolscope
