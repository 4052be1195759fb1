// swagger-typescript-api. It throws answers that are errors, and repeats the parameter of a list.
import {Api, type HttpResponse, type Problem} from '../generated/swagger-typescript-api/api';
import {walk, type Answer} from './walk';

const {api, setSecurityData} = new Api<string>({
    securityWorker: (access) => (access ? {headers: {Authorization: `Bearer ${access}`}} : {}),
});

async function answer<T>(sent: Promise<HttpResponse<T, Problem>>): Promise<Answer<T>> {
    try {
        const {status, data} = await sent;
        return {status, data};
    } catch (thrown) {
        const {status, error} = thrown as HttpResponse<T, Problem>;
        return {status, error};
    }
}

void walk({
    use: (token) => setSecurityData(token),
    register: (body) => answer(api.registerAccount(body)),
    confirm: (body) => answer(api.verifyEmail(body)),
    login: (body) => answer(api.login(body)),
    me: () => answer(api.showMe()),
    profile: () => answer(api.showProfile()),
    changeProfile: (body) => answer(api.changeProfile(body)),
    setAvatar: (picture) => answer(api.setAvatar({avatar: new File([picture], 'picture.png', {type: picture.type})})),
    removeAvatar: () => answer(api.removeAvatar()),
    sessions: () => answer(api.listSessions()),
    setPresence: (status) => answer(api.putPresence({status})),
    presence: (users) => answer(api.showPresence({users})),
    refresh: (refresh) => answer(api.refreshToken({refresh})),
    roles: () => answer(api.listRoles()),
    role: (name) => answer(api.showRole(name)),
    logout: () => answer(api.logout()),
}, 'swagger-typescript-api');
