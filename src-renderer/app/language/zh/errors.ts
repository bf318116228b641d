import type { Text } from '../en.ts'

export const errors: Text['errors'] = {
  'connection-lost': { message: '与 Owl 的连接已断开。', hint: '连接恢复后请再问一次；对话内容没有丢失。' },
  'file-unreadable': { message: '无法读取该文件。', hint: '请确认它是文件而不是文件夹，并且仍然存在。' },
  'folder-without-pictures': {
    message: '文件夹中没有图片。',
    hint: '请拖入含有 PNG、JPEG、WebP、GIF、AVIF、TIFF、BMP 或 SVG 文件的文件夹。',
  },
  'picture-on-the-web': {
    message: '网页只给出了图片的地址，而 Owl 不会从网上加载任何内容。',
    hint: '请在浏览器中复制图片本身（右键，复制图片），然后粘贴到这里。',
  },
  'capture-failed': { message: '未能截取屏幕。', hint: '请在浏览器和系统中允许截取，或改为粘贴截图。' },
  'file-too-large': { message: '文件超过 64 MB。', hint: '请缩小或裁剪图片后重试。' },
  'too-many-pictures': { message: '一个问题最多包含 64 张图片。', hint: '其余图片请在下一个问题中提问。' },
  'picture-empty': { message: '图片文件是空的。', hint: '请重新保存或导出这张图片。' },
  'picture-unreadable': { message: '无法读取这张图片。', hint: '请用图像软件打开它，另存为 PNG 或 JPEG。' },
  'picture-unsupported': {
    message: '不支持这种文件格式。',
    hint: '请将图片转换为 PNG、JPEG、WebP、GIF、AVIF、TIFF 或 SVG。',
  },
  'picture-too-large': { message: '图片太大。', hint: '请缩小或裁剪图片后重试。' },
  'picture-not-found': { message: '找不到这张图片。', hint: '请检查图片的路径。' },
  'reader-missing': {
    message: '读取图片文字所需的文件不存在。',
    hint: '请重新安装本程序；除读取文字外，其他功能都可使用。',
  },
  'reader-lost': { message: '读取文字的进程意外退出。', hint: '请再试一次；如果反复出现，请裁剪图片。' },
  'context-full': { message: '上下文已满。', hint: '请开始新对话、移除一些图片，或要求更短的回答。' },
  'model-not-found': { message: '找不到这个模型。', hint: '用 `owl models list` 列出已安装的模型。' },
  'model-too-large': {
    message: (said) => `目前可用的内存装不下这个模型：${said}`,
    hint: '请关闭其他程序、选择更小的模型或精度，或仍然加载。',
  },
  'model-exists': { message: '已有同名的模型。', hint: '请先移除它，或换一个名称。' },
  'install-failed': { message: (said) => `安装失败：${said}`, hint: '已完成的部分会保留：继续安装即可。' },
  'install-running': { message: '另一个进程正在安装这个模型。', hint: '请等待它完成，或先暂停它。' },
  'repair-impossible': { message: '这个模型随程序附带。', hint: '请重新安装程序。' },
  'licence-not-accepted': { message: '需要先接受许可。', hint: '请在来源处阅读许可，然后在此接受。' },
  'hub-not-found': { message: '站点上没有这个仓库或版本。', hint: '请检查名称和版本；私有仓库需要令牌。' },
  'hub-access-denied': { message: '站点拒绝访问。', hint: '如果仓库受限，请先在其页面申请，然后在此保存访问令牌。' },
  'hub-failed': {
    message: (said) => `站点没有正确响应：${said}`,
    hint: '请稍后再试，或换一个站点地址。已下载的部分会保留。',
  },
  'network-failed': {
    message: (said) => `网络连接失败：${said}`,
    hint: '请检查网络和代理设置，然后继续。已下载的部分会保留。',
  },
  'download-changed': { message: '站点上的文件已改变。', hint: '请取消这次下载并重新开始，使所有文件属于同一版本。' },
  'download-damaged': {
    message: '下载的文件校验和不正确。',
    hint: '请继续以重新获取；如果反复出现，说明传输途中数据被改动。',
  },
  'checkpoint-not-found': {
    message: '找不到检查点。',
    hint: '请检查路径：检查点是含有 config.json 和权重文件的文件夹。',
  },
  'checkpoint-damaged': {
    message: (said) => `检查点文件已损坏或不完整：${said}`,
    hint: '请重新下载该文件，并与来源核对大小。',
  },
  'checkpoint-shard-missing': {
    message: (said) => `缺少检查点的文件：${said}`,
    hint: '请将索引所列的所有文件放入同一文件夹，然后重试。',
  },
  'checkpoint-unsupported-format': {
    message: '不支持这种检查点格式。',
    hint: '请使用以 safetensors 或 PyTorch 1.6 及以上版本的 torch.save 保存的检查点。',
  },
  'checkpoint-forbidden-pickle': {
    message: '文件要求执行权重文件不需要的代码，因此没有执行其中任何内容。',
    hint: '请不要信任它的来源。',
  },
  'checkpoint-unsafe-path': { message: '检查点指向自身文件夹之外的文件。', hint: '请不要信任它的来源。' },
  'weights-missing': { message: (said) => `缺少权重：${said}`, hint: '请使用完整的检查点。' },
  'weights-misshapen': {
    message: (said) => `权重的形状与 config.json 不符：${said}`,
    hint: '请使用同一个模型的文件。',
  },
  'tokenizer-unsupported': {
    message: '不支持这种分词器。',
    hint: '请使用含有 SentencePiece 的 tokenizer.model 或 tokenizer.json 的检查点。',
  },
  'unsupported-config': { message: '不支持这个模型的结构。', hint: '请使用已发布的 mPLUG-Owl2 结构的检查点。' },
  'model-damaged': { message: '模型文件已损坏。', hint: '用 `owl models verify` 校验，然后移除并重新安装。' },
  'model-not-loaded': { message: '尚未加载模型。', hint: '请先加载一个模型。' },
  'model-load-failed': {
    message: (said) => `模型未能加载：${said}`,
    hint: '用 `owl models verify` 校验模型；如果完好，可能是内存不足。',
  },
  'inference-crashed': {
    message: '模型进程意外退出。',
    hint: '它已重新启动，请再问一次。如果反复出现，请关闭其他程序以释放内存。',
  },
  'inference-unresponsive': { message: '模型进程没有响应。', hint: '它已停止并重新启动，请再问一次。' },
  'device-unavailable': {
    message: (said) => `所选设备不可用：${said}`,
    hint: '请在设置中选择处理器，或允许它在 GPU 无法使用时代替。',
  },
  'device-lost': {
    message: (said) => `设备已丢失：${said}`,
    hint: '模型已重新加载，请再问一次。若再次发生，请在设置中选择处理器。',
  },
  'disk-full': { message: '磁盘已满。', hint: '请释放一些空间后重试；已完成的部分会保留。' },
  'database-damaged': {
    message: '对话数据库已损坏。',
    hint: '请重新启动 Owl：损坏的文件会被移到一旁，能读取的内容会被恢复。',
  },
  'database-newer': {
    message: '对话数据库由更新的版本写入。',
    hint: '请安装最新版 Owl Desktop；此版本不会改动该文件。',
  },
  'database-unavailable': {
    message: '无法使用对话数据库。',
    hint: '请关闭正在使用数据文件夹的其他程序，确认该文件夹可写，然后重试。',
  },
  'folder-unreadable': { message: '无法列出该文件夹。', hint: '请允许读取该文件夹，或将它排除。' },
  'caption-not-writable': {
    message: '无法写入描述。',
    hint: '请允许写入该位置，或将所有描述写入别处的一个表格文件。',
  },
  'caption-shared': {
    message: '另一张同名图片已使用这个描述文件。',
    hint: '请重命名其中一张图片，或改为写入一个表格文件。',
  },
  'caption-table-damaged': {
    message: '现有的描述表格文件无法继续使用。',
    hint: '请移走该文件，或选择另一种输出形式。',
  },
  'captions-elsewhere': {
    message: '另一个进程正在处理这个任务。',
    hint: '请等待它完成，或在那边（终端或另一个窗口）停止它。',
  },
  'captions-busy': { message: '这个任务正在进行中。', hint: '请先暂停。' },
  'video-not-found': { message: '找不到该视频。', hint: '请检查视频的路径。' },
  'video-unreadable': {
    message: '视频已损坏或不完整。',
    hint: '请将文件转换为 H.264 编码的 MP4，或重新获取完整的文件。',
  },
  'video-without-frames': {
    message: '没有可以给模型看的画面。',
    hint: '请选择另一段的画面，然后再问一次。',
  },
  'video-no-track': { message: '文件中没有视频画面。', hint: '请选择含有活动画面的文件。' },
  'video-codec-unsupported': {
    message: (said) => `无法解码这个视频：${said}`,
    hint: '请将视频转换为 H.264、VP9 或 AV1。',
  },
  'video-decoder-missing': {
    message: '这台电脑上没有可用的视频解码器。',
    hint: '请安装 Chromium、Chrome 或 Edge（可用 OWL_BROWSER 指定），或 ffmpeg。',
  },
  'answer-not-finite': {
    message: '模型算出的不是数字，回答已停止。',
    hint: '请再问一次；如果再次出现，请校验模型，或在设置中选择处理器。',
  },
  'capture-unavailable': { message: '这里无法截取屏幕。', hint: '请粘贴或拖入一张截图。' },
  'folder-not-usable': {
    message: (said) => `不能使用这个文件夹：${said}`,
    hint: '请选择一个单独的空文件夹，所在磁盘要有足够空间。',
  },
  'settings-not-saved': { message: '设置未能保存。', hint: '请检查数据文件夹是否可写；改动在程序退出前有效。' },
  'import-unreadable': {
    message: '无法读取要导入的文件。',
    hint: '请选择 Owl 导出的 zip，或 OpenAI 格式的 zip 或 `conversations.json`；如果文件已损坏，请重新导出。',
  },
  'request-invalid': { message: (said) => `请求无效：${said}`, hint: '请对照文档检查这个请求。' },
  unauthorised: { message: '没有访问权限。', hint: '请打开 `owl serve` 打印的地址（含令牌）。' },
  'not-found': { message: '找不到所请求的内容。', hint: '它可能已被移除，请刷新后重试。' },
  cancelled: { message: '已按要求停止。', hint: '无需处理。' },
  internal: { message: (said) => `程序内部错误：${said}`, hint: '这是程序的故障，日志中有更多信息，请报告给我们。' },
  'port-unavailable': {
    message: (said) => `无法使用这个端口：${said}`,
    hint: '请在设置中选择另一个端口，或关闭占用它的程序。',
  },
}
