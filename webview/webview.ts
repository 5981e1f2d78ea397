import './style/base.css';
import './style/layout.css';
import './style/calls.css';
import './style/buffers.css';
import './style/tools.css';
import './style/views.css';
import { Inspector } from './inspector.ts';

new Inspector(document.body).start();
