// @hey-api/openapi-ts.
import {client} from '../generated/hey-api/client.gen';
import * as api from '../generated/hey-api';
import {walk, type Answer} from './walk';

let access = '';
client.setConfig({auth: (scheme) => (scheme.scheme === 'bearer' && access ? access : undefined)});

type Got<T> = {data?: T; error?: {code: string}; response?: Response};
const answer = <T>({data, error, response}: Got<T>): Answer<T> => ({status: response?.status ?? 0, data, error});

void walk({
    use: (token) => { access = token; },
    register: async (body) => answer(await api.registerAccount({body})),
    confirm: async (body) => answer(await api.verifyEmail({body})),
    login: async (body) => answer(await api.login({body})),
    me: async () => answer(await api.showMe()),
    profile: async () => answer(await api.showProfile()),
    changeProfile: async (body) => answer(await api.changeProfile({body})),
    setAvatar: async (picture) => answer(await api.setAvatar({body: {avatar: picture}})),
    removeAvatar: async () => answer(await api.removeAvatar()),
    sessions: async () => answer(await api.listSessions()),
    setPresence: async (status) => answer(await api.putPresence({body: {status}})),
    presence: async (users) => answer(await api.showPresence({query: {users}})),
    refresh: async (refresh) => answer(await api.refreshToken({body: {refresh}})),
    roles: async () => answer(await api.listRoles()),
    role: async (name) => answer(await api.showRole({path: {name}})),
    logout: async () => answer(await api.logout()),
}, 'hey-api');
