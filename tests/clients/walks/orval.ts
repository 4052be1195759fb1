// orval with fetch. It repeats the parameter of a list.
import * as api from '../generated/orval/client';
import {walk, type Answer} from './walk';

let access = '';
const options = (): RequestInit => (access ? {headers: {Authorization: `Bearer ${access}`}} : {});
const json = (): RequestInit => ({headers: {'Content-Type': 'application/json', ...options().headers}});

type Success<A> = A extends {status: 200 | 201; data: infer D} ? D : never;
function answer<A extends {status: number; data: unknown}>(got: A): Answer<Success<A>> {
    if (got.status >= 400) return {status: got.status, error: got.data as {code: string}};
    return {status: got.status, data: got.data as Success<A>};
}

void walk({
    use: (token) => { access = token; },
    register: async (body) => answer(await api.registerAccount(body)),
    confirm: async (body) => answer(await api.verifyEmail(body, json())),
    login: async (body) => answer(await api.login(body)),
    me: async () => answer(await api.showMe(options())),
    profile: async () => answer(await api.showProfile(options())),
    changeProfile: async (body) => answer(await api.changeProfile(body, json())),
    setAvatar: async (picture) => answer(await api.setAvatar({avatar: picture}, options())),
    removeAvatar: async () => answer(await api.removeAvatar(options())),
    sessions: async () => answer(await api.listSessions(options())),
    setPresence: async (status) => answer(await api.putPresence({status}, json())),
    presence: async (users) => answer(await api.showPresence({users}, options())),
    refresh: async (refresh) => answer(await api.refreshToken({refresh})),
    roles: async () => answer(await api.listRoles(options())),
    role: async (name) => answer(await api.showRole(name, options())),
    logout: async () => answer(await api.logout(undefined, undefined, options())),
}, 'orval');
