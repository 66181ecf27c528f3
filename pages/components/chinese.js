/* Puts Streamlit's own words into Chinese as they appear: its texts, tooltips, placeholders and labels for screen
   readers. Only whole strings that Streamlit itself writes are matched, so nobody's data is ever altered. */

// The server stands at the address itself, or a read-only one below /read (deploy/nginx-readers.conf): without this, a
// page at /unit first asks for /unit/_stcore/… in vain.
const MOUNT = location.pathname.startsWith("/read/") ? "/read" : "";
window.__streamlit = { BACKEND_BASE_URL: `${location.origin}${MOUNT}/` };

// Calendars and numbers follow the browser's language, which is not always that of the page.
for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]]) {
  Object.defineProperty(navigator, name, { get: () => value });
}

(() => {
  "use strict";
  const WORDS = {
    // main menu, header, status
    "Main menu": "主菜单", "Rerun": "重新运行", "Always rerun": "总是重新运行", "Auto rerun": "自动重新运行",
    "Clear cache": "清除缓存", "Clear caches": "清除缓存", "Settings": "设置", "Print": "打印", "About": "关于",
    "Get help": "获取帮助", "Report a bug": "报告问题", "Record a screencast": "录制屏幕",
    "Record screen": "录制屏幕", "Deploy": "部署", "Developer options": "开发选项", "Theme": "主题",
    "Light": "浅色", "Dark": "深色", "System": "跟随系统", "Use system setting": "跟随系统",
    "Custom Theme Auto": "跟随系统", "Custom Theme Dark": "深色", "Custom Theme Light": "浅色", "Custom Theme": "自定义主题",
    "Running...": "正在计算…", "Running…": "正在计算…", "Stop": "停止", "Stopping...": "正在停止…",
    "Please wait...": "请稍候…", "Connecting": "正在连接", "CONNECTING": "正在连接", "Connecting...": "正在连接…",
    "Connecting to Streamlit server": "正在连接服务器", "Skip to main content": "跳到正文",
    "File change.": "程序文件已更新。", "Source changed": "程序文件已更新", "In progress...": "处理中…",
    "Collapse sidebar": "收起导航", "Expand sidebar": "展开导航", "Sidebar": "导航栏", "App pages": "页面导航",
    "Close sidebar": "收起导航", "Open sidebar": "展开导航", "Navigate to home page": "回到首页",
    "Notifications": "通知", "View less": "收起", "View more": "展开", "Scroll tabs left": "向左滚动", "Scroll tabs right": "向右滚动",
    "App Logo": "标志", "Header Logo": "标志", "Sidebar Logo": "标志", "Streamlit logo": "标志", "Toolbar action": "工具",
    "Close": "关闭", "Dismiss": "关闭", "file upload": "上传文件", "Cancel": "取消", "Copy": "复制", "Copied": "已复制", "Copy to clipboard": "复制到剪贴板",
    "Open": "展开", "Menu": "菜单", "Help": "说明", "Loading...": "正在加载…", "Loading": "正在加载", "Learn more": "了解更多",
    "(opens in new tab)": "（在新标签页打开）", "Try again": "重试", "Continue anyway": "仍然继续",
    "Made with Streamlit": "", "Link to heading": "此节的链接", "Toggle fullscreen": "全屏", "View fullscreen": "全屏查看",
    "Fullscreen": "全屏", "Close fullscreen": "退出全屏", "Exit fullscreen": "退出全屏",
    // errors and connection
    "Connection error": "连接出错", "Connection closed": "连接已断开", "Connection timed out.": "连接超时。",
    "Connection timed out": "连接超时", "Network issue": "网络问题", "Network error": "网络错误",
    "Connection lost. Please wait for the app to reconnect, then try again.": "连接中断，请等待恢复连接后重试。",
    "Reconnected to server.": "已恢复连接。", "Unable to connect to Streamlit server": "无法连接服务器",
    "Streamlit server is not responding. Are you connected to the internet?": "服务器没有响应，请检查本机与服务器之间的网络。",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "服务是否仍在运行？如已停止，请联系管理人员重新启动。",
    "Page not found": "没有这个页面", "Script execution error": "程序出错", "Error": "错误", "Error:": "错误：", "Warning:": "提醒：", "Warning": "警告", "Success": "成功", "Info": "提示",
    "Bad message format": "消息格式有误", "Unknown error": "未知错误", "Unknown Error": "未知错误", "Traceback:": "调用过程：",
    "Request timed out": "请求超时", "Request Timeout": "请求超时", "No message": "没有内容",
    "Cannot stop app when disconnected from server.": "连接中断，无法停止。",
    "Cannot rerun script when disconnected from server.": "连接中断，无法重新运行。",
    "Cannot load Streamlit frontend code. This can happen when you update Streamlit while a Streamlit app is running.": "页面代码无法加载，可能是服务刚刚更新过。",
    "To fix this, simply reload this app by pressing": "请刷新页面：",
    "If the error persists, try force-clearing your browser's cache as described": "如仍有问题，请清除浏览器缓存。",
    "Your app is having trouble loading the component.": "组件无法加载。",
    "You need to enable JavaScript to run this app.": "请在浏览器中启用脚本后使用。",
    // file uploader
    "Browse files": "选择文件", "Browse directories": "选择文件夹", "Upload": "选择文件", "Upload directories": "选择文件夹",
    "Add files": "继续添加", "Drag and drop file here": "将文件拖放到此处", "Drag and drop files here": "将文件拖放到此处",
    "Drag and drop a file here": "将文件拖放到此处", "Drag and drop directories here": "将文件夹拖放到此处",
    "Drag and drop directory here": "将文件夹拖放到此处", "File Uploader": "上传文件", "Error uploading file": "文件上传失败",
    "Error deleting file": "文件删除失败", "Remove file": "移除文件", "Delete file": "移除文件", "Uploading": "正在上传", "uploading": "正在上传", "uploaded": "已上传",
    "Next page": "下一页", "Previous page": "上一页", "Pagination": "分页",
    // choosing
    "Choose an option": "请选择", "Choose options": "请选择", "Choose or add an option": "请选择或填写",
    "Add an option": "请填写", "No results": "没有符合的选项", "No options to select.": "没有可选项", "No options to select": "没有可选项",
    "No options": "没有可选项", "Clear value": "清除", "Clear all": "全部清除", "Select all": "全选", "Select...": "请选择",
    "Selectbox options": "选项", "Multiselect options": "选项", "Selected values": "已选", "Select": "选择", "Clear entry": "清除",
    "Show password": "显示密码", "Hide password": "隐藏密码", "Invalid input.": "输入无效。", "Press Enter to apply": "按回车键确认",
    "Press Enter to submit form": "按回车键提交", "Press Ctrl+Enter to apply": "按 Ctrl+回车键确认", "Press ⌘+Enter to apply": "按 ⌘+回车键确认",
    "Increment": "增加", "Decrement": "减少", "Number is above the allowed range.": "数值超过上限。", "Number is below the allowed range.": "数值低于下限。",
    "Download failed": "下载失败", "Download": "下载",
    // dates
    "Choose date": "选择日期", "Choose date range": "选择起止日期", "Clear date": "清除日期", "Clear dates": "清除日期", "Date range": "起止日期",
    "Start date": "开始日期", "End date": "结束日期", "Start Date": "开始日期", "End Date": "结束日期", "Clear time": "清除时间",
    "Calendar": "日历", "Previous month": "上个月", "Next month": "下个月", "Previous": "上一页", "Next": "下一页",
    "yyyy": "年", "mm": "月", "dd": "日", "(required)": "（必填）",
    "Selected date unavailable.": "所选日期不可用。", "Start date must be before end date.": "开始日期须早于结束日期。",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "方向键移动，回车键选定，退出键关闭。",
    "January": "一月", "February": "二月", "March": "三月", "April": "四月", "May": "五月", "June": "六月", "July": "七月",
    "August": "八月", "September": "九月", "October": "十月", "November": "十一月", "December": "十二月",
    "Mon": "一", "Tue": "二", "Wed": "三", "Thu": "四", "Fri": "五", "Sat": "六", "Sun": "日",
    "Monday": "星期一", "Tuesday": "星期二", "Wednesday": "星期三", "Thursday": "星期四", "Friday": "星期五", "Saturday": "星期六", "Sunday": "星期日",
    // tables
    "Search": "查找", "Type to search": "输入文字查找", "Close Search": "关闭查找", "Next Result": "下一处", "Previous Result": "上一处",
    "Download as CSV": "下载为 CSV", "Show/hide columns": "显示或隐藏列", "Add row": "添加行", "Delete row(s)": "删除行",
    "Clear selection": "取消选择", "Sort ascending": "升序", "Sort descending": "降序", "Format": "格式", "Autosize": "自动列宽",
    "Pin column": "固定此列", "Unpin column": "取消固定", "Hide column": "隐藏此列", "Copy column name": "复制列名", "Statistics": "统计",
    "Dataframe column menu": "列菜单", "Column menu": "列菜单", "Visibility": "显示", "Automatic": "自动", "Localized": "本地格式", "Plain": "原样", "Compact": "紧凑",
    "Dollar": "美元", "Euro": "欧元", "Yen": "日元", "Percent": "百分比", "Scientific": "科学计数", "Accounting": "会计", "Distance": "相距", "Duration": "时长",
    "Count": "个数", "Distinct": "不同值", "Empty": "空值", "Values": "有值", "Average": "平均", "Mean": "平均", "Median": "中位数", "Minimum": "最小", "Maximum": "最大",
    "Sum": "合计", "Standard deviation": "标准差", "Range": "范围", "Average length": "平均长度", "Minimum length": "最短", "Maximum length": "最长",
    "Based on sample": "依据样本", "Distribution histogram": "分布图", "Top values frequency chart": "常见值", "True/false distribution chart": "是否分布",
    "True": "是", "False": "否", "None": "—", "No data": "没有数据", "empty": "没有数据", "No content": "没有内容", "Failed to load data": "数据加载失败",
    "Button action menu": "操作菜单", "Cancel (Escape)": "取消", "Edit": "编辑",
    // charts
    "Download plot as a PNG": "下载图片", "Download plot as a png": "下载图片", "Download plot": "下载图片", "Zoom": "缩放", "Pan": "平移", "Box Select": "框选", "Lasso Select": "套索选择",
    "Zoom in": "放大", "Zoom out": "缩小", "Autoscale": "自动缩放", "Reset axes": "还原坐标轴", "Reset": "还原", "Reset view": "还原视图", "Reset scale": "还原",
    "Produced with Plotly.js": "", "Produced with Plotly": "", "Double-click to zoom back out": "双击还原", "Show closest data on hover": "悬停显示最近的数据",
    "Compare data on hover": "悬停对比数据", "Toggle Spike Lines": "辅助线", "Taking snapshot - this may take a few seconds": "正在生成图片…",
    "Snapshot succeeded": "图片已生成", "Sorry, there was a problem downloading your snapshot!": "图片生成失败",
    "Double-click on legend to isolate one trace": "双击图例只看一项", "Show data": "查看数据", "Hide data": "隐藏数据", "Show chart": "查看图形", "Show table": "查看表格",
  };
  const PATTERNS = [
    [/^(?:Limit )?([\d.,]+) ?([KMGT]?B) per file(?: • (.+))?$/, (m) => `每个文件不超过 ${m[1]} ${m[2]}` + (m[3] ? ` • ${m[3].toLowerCase()}` : "")],
    [/^(\d+) results?(?: of (\d+))?$/, (m) => `${m[1]} 处`],
    [/^(over )?([\d,]+) results?(, .*)?$/i, (m) => `${m[1] ? "超过 " : ""}${m[2]} 处`],
    [/^View (\d+) more$/, (m) => `再显示 ${m[1]} 项`],
    [/^Running (.+)\.\.\.$/, () => "正在计算…"],
    [/^Remove (.+)$/, (m) => `移除 ${m[1]}`],
    [/^Delete (.+)$/, (m) => `移除 ${m[1]}`],
    [/^Page (\d+)$/, (m) => `第 ${m[1]} 页`],
    [/^(year|month|day|hour|minute), (.+)$/, (m) => `${{ year: "年", month: "月", day: "日", hour: "时", minute: "分" }[m[1]]}，${m[2]}`],
    [/^Choose date, (.+)$/, (m) => `选择日期，${m[1]}`],
    [/^Page (\d+) of (\d+)$/, (m) => `第 ${m[1]} 页，共 ${m[2]} 页`],
    [/^Showing page (\d+) of (\d+)$/, (m) => `第 ${m[1]} 页，共 ${m[2]} 页`],
    [/^Selected (.+)\. .*$/, (m) => `已选 ${m[1]}`],
    [/^Help for (.+)$/, (m) => `说明：${m[1]}`],
    [/^Shortcut (.+)$/, (m) => `快捷键 ${m[1]}`],
    [/^Clear (.+)$/, () => "清除"],
    [/^(\d+) options? available\.?$/, (m) => `${m[1]} 个选项`],
    [/^(.+), selected$/, (m) => `已选 ${m[1]}`],
    [/^Attempting to connect to .*$/, () => "正在尝试连接服务器。"],
    [/^You have requested page \/(.*), but no corresponding file.*$/, (m) => `没有名为“${m[1]}”的页面，已显示首页。`],
    [/^The page that you have requested does not seem to exist.*$/, () => "没有这个页面，已显示首页。"],
    [/^Connection failed with status (\d+).*$/, (m) => `连接失败（${m[1]}）`],
    [/^(.+) files are not allowed\.$/, () => "不接受这种类型的文件。"],
    [/^(?:add|close|delete|error|info|warning|success|upload|search|menu) icon$/i, () => "图标"],
    [/^File must be ([\d.]+ ?[KMGT]?B) or smaller\.$/i, (m) => `文件不得超过 ${m[1]}。`],
    [/^File (?:size )?must be .*$/, () => "文件过大。"],
    [/^Press (.+?)\+?Enter to (apply|submit form)$/, (m) => `按 ${m[1]}+回车键${m[2] === "apply" ? "确认" : "提交"}`],
    [/^This app has encountered an error\..*$/s, () => "程序出错，详情已写入日志，请联系管理人员。"],
  ];
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "data-title", "alt", "aria-roledescription", "aria-description"];
  const SKIP = new Set(["SCRIPT", "STYLE", "TEXTAREA", "CODE", "PRE"]);
  const OURS = ".aq-header, .aq-kpis, .aq-section, .aq-empty, .aq-law";
  const WITH_ATTRIBUTES = ATTRIBUTES.map((name) => `[${name}]`).join(",");
  const LETTERS = /[A-Za-z]{2}/;  // asked first: nearly all that is shown has none

  function chinese(text) {
    const trimmed = text.trim();
    if (!LETTERS.test(trimmed)) return null;
    let found = Object.hasOwn(WORDS, trimmed) ? WORDS[trimmed] : null;
    if (found === null) {
      for (const [pattern, make] of PATTERNS) {
        const match = trimmed.match(pattern);
        if (match) { found = make(match); break; }
      }
    }
    return found === null || found === trimmed ? null : text.replace(trimmed, () => found);
  }

  function translateText(node) {
    if (!LETTERS.test(node.nodeValue)) return;
    const parent = node.parentElement;
    if (!parent || SKIP.has(parent.tagName) || parent.dataset.testid === "stIconMaterial" || parent.closest(OURS)) return;
    const found = chinese(node.nodeValue);
    if (found !== null) node.nodeValue = found;
  }

  function translateAttributes(element) {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (!value) continue;
      const found = chinese(value);
      if (found !== null) element.setAttribute(name, found);
    }
  }

  function translateTree(root) {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    translateAttributes(root);
    root.querySelectorAll(WITH_ATTRIBUTES).forEach(translateAttributes);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translateText(texts.currentNode);
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") translateText(change.target);
      else if (change.type === "attributes") translateAttributes(change.target);
      else change.addedNodes.forEach(translateTree);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
  });

  // Links inside our own tables (data-inside) change the page without loading the application again.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-inside], .aq-table a[href^='/'], .aq-law a[href^='/']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const address = new URL(link.href);
    history.pushState({}, "", MOUNT + address.pathname + address.search);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, true);

  document.addEventListener("DOMContentLoaded", () => translateTree(document.body));
})();
